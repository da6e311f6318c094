import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { people } from '#staff/person.ts';
import { openPage, signIn } from '../support/browsing.ts';
import { furnish, password } from '../support/people.ts';
import * as plant from '../support/plant.ts';
import { serve, type Serving } from '../support/serving.ts';

// What is made out of the log: the papers of a request, a data subject's extract, a year's figures.

let serving: Serving;
let request: string;
test.beforeAll(async () => {
	serving = await serve(furnish);
	const superuser = await serving.superuser();
	const [contact] = await people(superuser).list({ filter: "sign_in_name = 'contact'" });
	if (!contact) throw new Error('the register is not furnished');
	request = (await plant.request({ superuser }, contact.id, { name: 'Helmi Esimerkki', language: 'sv' })).id;
});
test.afterAll(() => serving.remove());

const small = { width: 1366, height: 768 };
const sizes = [small, { width: 1920, height: 1080 }];

async function accessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).analyze();
	expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
	await fits(page);
}

async function fits(page: Page): Promise<void> {
	expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
}

test('a contact person makes the papers of an open request with one press, and the extract in its language', async ({
	browser
}) => {
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, small);
	await signIn(page, 'contact');
	await page.goto(`/console/requests/${request}`);
	await page.getByRole('link', { name: 'Osoitusvelvollisuuden asiakirjat' }).click();
	await expect(page.getByRole('status')).toContainText(/Ketju tarkistettiin: \d+ merkintää, ehjä/);
	await expect(page.getByText('avasi pyynnön')).toBeVisible();
	await accessible(page);
	const coming = page.waitForEvent('download');
	await page.getByRole('link', { name: 'Lataa JSON-tiedostona' }).click();
	const text = await readFile(await (await coming).path(), 'utf8');
	expect(JSON.parse(text)).toMatchObject({
		format: 'kuuntelupiste/accountability',
		request,
		verdict: { intact: true }
	});
	expect(text).not.toContain('Helmi');
	await page.getByRole('link', { name: 'Rekisteröidyn ote' }).click();
	const sheet = page.getByRole('article');
	for (const [language, title] of [
		['Svenska', 'Utdrag ur åtkomstloggen'],
		['English', 'Extract of the access log'],
		['Suomi', 'Ote käyttölokista']
	] as const) {
		// The request's own language first.
		if (language !== 'Svenska') {
			await page.getByRole('group', { name: 'Otteen kieli' }).getByRole('button', { name: language }).click();
		}
		await expect(sheet.getByRole('heading', { level: 1 })).toContainText(title);
		await accessible(page);
	}
	mustBeQuiet();
});

test('names come only after a step-up and with a ground', async ({ browser }) => {
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, small);
	await signIn(page, 'contact');
	await page.goto(`/console/log/request/${request}/extract/names`);
	if (page.url().includes('/console/confirm')) {
		await page.getByLabel('Salasana').fill(password);
		await page.keyboard.press('Enter');
	}
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ote työntekijöiden nimin');
	await accessible(page);
	await page.getByRole('button', { name: 'Tee ote nimin' }).focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('article')).toHaveCount(0);
	await page.getByLabel('Työntekijä on suostunut').check();
	await page.getByRole('button', { name: 'Tee ote nimin' }).click();
	await expect(page.getByRole('article')).toBeVisible();
	mustBeQuiet();
});

test('an auditor makes them by the id, without the request, and the year’s figures, at both sizes', async ({
	browser
}) => {
	for (const size of sizes) {
		// What keeps people out is the same at any size; what does not fit is not.
		const look = size === small ? accessible : fits;
		const { page, mustBeQuiet } = await openPage(browser, serving.origin, size);
		await signIn(page, 'auditor');
		await page.goto('/console/log/request');
		await page.getByLabel('Pyynnön tunniste').fill(request);
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { level: 1 })).toContainText(request);
		expect(await page.content()).not.toContain('Helmi');
		await look(page);
		await page.goto('/console/log/figures');
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Vuoden \d{4} luvut$/);
		for (const language of ['Svenska', 'English', 'Suomi']) {
			await page.getByRole('button', { name: language }).click();
			await fits(page);
		}
		await look(page);
		await expect(page.getByRole('row').filter({ hasText: 'Yhteyshenkilö: koulutus voimassa' })).toContainText('1');
		const coming = page.waitForEvent('download');
		await page.getByRole('link', { name: 'Lataa CSV-tiedostona' }).click();
		const rows = parse<Record<string, string>>(await readFile(await (await coming).path(), 'utf8'), {
			bom: true,
			columns: true
		});
		const number = (part: string, what: string) =>
			rows.find((row) => row['part'] === part && row['what'] === what)?.['number'];
		expect(number('answering', 'answered')).toBe('0');
		expect(number('training', 'contact_person trained')).toBe('1');
		const months = rows.filter(({ part }) => part === 'requests').map((row) => Number(row['number']));
		expect(months).toHaveLength(12);
		expect(Math.max(...months)).toBe(1);
		mustBeQuiet();
		await page.context().close();
	}
});

test('an agent makes none of them', async ({ browser }) => {
	const { page } = await openPage(browser, serving.origin, small);
	await signIn(page, 'agent');
	for (const path of ['request', `request/${request}`, `request/${request}/package`, `request/${request}/extract`]) {
		expect((await page.goto(`/console/log/${path}`))?.status(), path).toBe(403);
	}
	expect((await page.goto(`/console/log/figures`))?.status()).toBe(403);
	expect((await page.goto(`/console/log/request/${request}/extract/names`))?.status()).toBe(403);
});
