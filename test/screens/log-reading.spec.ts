import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { openPage, signIn } from '../support/browsing.ts';
import { furnish } from '../support/people.ts';
import { serve, type Serving } from '../support/serving.ts';

// The auditor's pages.

let serving: Serving;
test.beforeAll(async () => {
	serving = await serve(furnish);
});
test.afterAll(() => serving.remove());

const sizes = [
	{ width: 1366, height: 768 },
	{ width: 1920, height: 1080 }
];
const titles = { Suomi: 'Käyttöloki', Svenska: 'Åtkomstlogg', English: 'Access log' };

async function accessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).analyze();
	expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

/** Nothing is wider than the window. */
async function fits(page: Page): Promise<void> {
	expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
}

for (const size of sizes) {
	test(`the log reads as sentences in three languages at ${size.width} × ${size.height}`, async ({ browser }) => {
		const { page, mustBeQuiet } = await openPage(browser, serving.origin, size);
		await signIn(page, 'auditor');
		await page.goto('/console/log');
		for (const [language, title] of Object.entries(titles)) {
			await page.getByRole('button', { name: language }).click();
			await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
			await fits(page);
		}
		await accessible(page);
		await expect(page.locator('ol')).toContainText('System started.');
		await expect(page.locator('ol')).toContainText(/Person [a-z0-9]{15} signed in\./);
		mustBeQuiet();
	});
}

test('an auditor finds by keyboard, follows an id to its timeline, and each reading is an entry', async ({
	browser
}) => {
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, { width: 1366, height: 768 });
	await signIn(page, 'auditor');
	await page.goto('/console/log');
	await page.getByLabel('Mitä').focus();
	await page.keyboard.type('Kirjautuminen sisään');
	await page.keyboard.press('Tab');
	await page.getByRole('button', { name: 'Näytä' }).focus();
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/action=sign_in/);
	const lines = page.locator('ol li');
	await expect(lines.first()).toContainText('kirjautui sisään');
	for (const line of await lines.allInnerTexts()) expect(line).toContain('kirjautui sisään');
	const person = lines.first().getByRole('link');
	const id = await person.innerText();
	await person.focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Henkilön vaiheet ${id}`);
	await expect(lines.last()).toContainText('luki käyttölokia');
	await accessible(page);
	await page.reload();
	await expect(lines.last()).toContainText(/^\d+\s+[\d.]+\s+Tarkastaja [a-z0-9]{15} luki käyttölokia/);
	mustBeQuiet();
});

test('a condition that is none finds nothing and says which', async ({ browser }) => {
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, { width: 1366, height: 768 });
	await signIn(page, 'auditor');
	await page.goto('/console/log?recording=1%27+OR+1%3D1&action=sign_in');
	await expect(page.getByRole('alert')).toContainText('Tarkista merkitty ehto');
	await expect(page.getByRole('textbox', { name: 'Tallenne' })).toHaveAttribute('aria-invalid', 'true');
	await expect(page.locator('ol li')).toHaveCount(0);
	await accessible(page);
	await page.goto('/console/log?recording=nobodysrecordng');
	await expect(page.getByText('Mikään merkintä ei täytä ehtoja.')).toBeVisible();
	mustBeQuiet();
});

test('the file holds what the page shows, and that it was given out', async ({ browser }) => {
	const { page } = await openPage(browser, serving.origin, { width: 1366, height: 768 });
	await signIn(page, 'auditor');
	await page.goto('/console/log?action=system_start');
	const coming = page.waitForEvent('download');
	await page.getByRole('link', { name: 'Lataa CSV-tiedostona' }).click();
	const rows = parse<Record<string, string>>(await readFile(await (await coming).path(), 'utf8'), {
		bom: true,
		columns: true
	});
	expect(rows).toHaveLength(1);
	expect(rows[0]).toMatchObject({ action: 'system_start', role: 'system', sentence: 'Järjestelmä käynnistyi.' });
	await page.goto('/console/log');
	await expect(page.locator('ol li').first()).toContainText('vei lokin merkintöjä tiedostoon');
	// On paper there are the entries, and none of what is for the screen.
	await page.emulateMedia({ media: 'print' });
	await expect(page.locator('ol li').first()).toBeVisible();
	for (const name of ['Lataa CSV-tiedostona', 'Tyhjennä ehdot']) {
		await expect(page.getByText(name)).toBeHidden();
	}
});

test('what looks odd leads to its entries, and each rule is said in a sentence', async ({ browser }) => {
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, { width: 1366, height: 768 });
	for (let attempt = 0; attempt < 10; attempt++) {
		await page.request.post('/console/sign-in', {
			form: { name: 'nobody', password: `wrong ${attempt}` },
			headers: { Origin: serving.origin }
		});
	}
	await signIn(page, 'auditor');
	await page.goto('/console/log');
	await page.getByRole('link', { name: 'Poikkeamat' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Poikkeamat');
	await expect(page.getByText('Vähintään 10 eväystä samalle henkilölle tai kioskille tunnin sisällä.')).toBeVisible();
	const finding = page.locator('ol li').filter({ hasText: '10 eväystä tunnin sisällä' });
	await accessible(page);
	await fits(page);
	await finding.getByRole('link').focus();
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/outcome=refused.*#entry-\d+$/);
	expect(await page.locator('ol li').count()).toBeGreaterThanOrEqual(10);
	await expect(page.locator('li:target')).toContainText('ei saanut lupaa: kirjautuminen sisään');
	mustBeQuiet();
});

test('whoever is no auditor reads nothing of it, and the refusal is in the log', async ({ browser }) => {
	for (const name of ['maintainer', 'contact', 'agent', 'supervisor']) {
		const { page } = await openPage(browser, serving.origin, { width: 1366, height: 768 });
		await signIn(page, name);
		for (const address of [
			'/console/log',
			'/console/log/csv',
			'/console/log/odd',
			'/console/log/timeline/person/somebodysperson'
		]) {
			expect((await page.goto(address))?.status(), `${name} ${address}`).toBe(403);
		}
		await page.context().close();
	}
	const { page } = await openPage(browser, serving.origin, { width: 1366, height: 768 });
	await signIn(page, 'auditor');
	await page.goto('/console/log?action=enter_console&outcome=refused');
	await expect(page.locator('ol li')).toHaveCount(16);
});
