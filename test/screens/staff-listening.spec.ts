import { rm } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { openPage, signIn } from '../support/browsing.ts';
import { calls, exportOf } from '../support/calls.ts';
import { listenTo } from '../support/ears.ts';
import { furnish, password } from '../support/people.ts';
import { serve, type Serving } from '../support/serving.ts';

// Agents and supervisors: they find a call, say what for, and hear it; and nobody hears what is not theirs.

declare global {
	interface Window {
		/** What the page has the keys of a headset or a keyboard do. */
		mediaKeys: { action: MediaSessionAction; press: MediaSessionActionHandler }[];
	}
}

const wide = { width: 1366, height: 768 };
const number = '+358495550123';
let serving: Serving;
let own: string;
let colleagues: string;
test.beforeAll(async () => {
	serving = await serve(async (superuser) => {
		await furnish(superuser);
		const other = await superuser.collection('teams').create({ name: 'Muuttoneuvonta' });
		await superuser.collection('staff').create({
			sign_in_name: 'colleague',
			name: 'Bengt Björkskär',
			active: true,
			roles: ['agent'],
			team: other.id,
			password,
			passwordConfirm: password
		});
	});
	const folder = await exportOf(calls.map((call) => ({ ...call, seconds: call.seconds * 3 })));
	const { code, err } = await serving.command('import', folder);
	await rm(folder, { recursive: true, force: true });
	if (code !== 0) throw new Error(err);
	const superuser = await serving.superuser();
	const colleague = await superuser.collection('staff').getFirstListItem("sign_in_name = 'colleague'");
	const imported = await superuser.collection('recordings').getFullList({ sort: 'answered' });
	const theirs = imported.find((call) => call['customer_number_masked'] === '+358495559***');
	const mine = imported.find((call) => call !== theirs);
	if (!mine || !theirs) throw new Error('nothing was imported');
	await superuser.collection('recordings').update(theirs.id, { employee: colleague.id, team: colleague['team'] });
	[own, colleagues] = [mine.id, theirs.id];
});
test.afterAll(() => serving.remove());

test('an agent finds an own call, says what for, hears it by keys alone, and reaches no colleague’s call', async ({
	browser
}) => {
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, wide);
	const ears = await listenTo(page);
	await page.addInitScript(() => {
		window.mediaKeys = [];
		const set = MediaSession.prototype.setActionHandler;
		MediaSession.prototype.setActionHandler = function (action, press) {
			if (press) window.mediaKeys.push({ action, press });
			set.call(this, action, press);
		};
	});
	const sent: string[] = [];
	page.on('request', (asked) => sent.push(decodeURIComponent(`${asked.url()} ${asked.postData() ?? ''}`)));
	await signIn(page, 'agent');
	await page.getByRole('navigation').getByRole('link', { name: 'Tallenteet' }).click();
	await expect(page.getByText('Valitse ajanjakso ja paina Hae')).toBeVisible();
	await page.getByLabel('Asiakkaan puhelinnumero').fill('049 555 0123');
	await expect(page.getByText('Haetaan: +358495550***')).toBeVisible();
	await page.getByRole('button', { name: 'Hae' }).click();
	await expect(page.getByRole('heading', { name: 'Puheluita 2' })).toBeVisible();
	// Neither the whole number anywhere, nor its mask in an address.
	expect(sent.join('\n').replaceAll(/\s/g, '')).not.toContain('5550123');
	expect(page.url()).not.toContain('495550');

	await page.getByRole('row').last().getByRole('link').click();
	await expect(page.getByText('Kukaan ei ole kuunnellut tätä puhelua')).toBeVisible();
	await page.getByLabel('Puhelun todentaminen').check();
	await page.getByRole('button', { name: 'Avaa tallenne' }).click();
	await expect(page.getByText('Valmis kuunneltavaksi')).toBeVisible();
	await page.getByRole('heading', { level: 1 }).click();
	await page.keyboard.press('Space');
	await expect.poll(() => ears.level()).toBeGreaterThan(0.02);
	// Nothing to save, nothing for the keys of a headset, nothing to read in the address.
	expect(new URL(page.url()).search).toBe('');
	expect(await page.evaluate(() => document.querySelectorAll('audio, video, a[download]').length)).toBe(0);
	const refused = page.evaluate(
		() => new Promise((resolve) => addEventListener('contextmenu', (event) => resolve(event.defaultPrevented)))
	);
	await page.getByRole('slider').first().click({ button: 'right' });
	expect(await refused).toBe(true);
	const pressed = await page.evaluate(() => window.mediaKeys.map(({ action, press }) => (press({ action }), action)));
	expect(pressed.sort()).toEqual([
		...['nexttrack', 'pause', 'play', 'previoustrack', 'seekbackward', 'seekforward', 'seekto', 'stop']
	]);
	expect(await page.evaluate(() => window.ears.element?.paused)).toBe(false);
	await page.keyboard.press('k');
	await expect.poll(() => ears.level()).toBe(0);
	await page.keyboard.press('l');
	await page.keyboard.press('ArrowRight');
	await expect.poll(() => page.evaluate(() => window.ears.element?.currentTime ?? 0)).toBeGreaterThan(14);
	await page.keyboard.press('j');
	await expect.poll(() => page.evaluate(() => window.ears.element?.currentTime ?? 0)).toBeLessThan(9);
	expect(await page.evaluate(() => navigator.mediaSession.metadata)).toBeNull();
	expect(await page.title()).toBe('Tallenne – Kuuntelupiste');
	await page.getByRole('button', { name: 'Lopeta kuuntelu' }).click();
	// It holds for one listening: the next one says anew what for.
	await expect(page.getByRole('button', { name: 'Avaa tallenne' })).toBeVisible();
	await expect(page.getByRole('cell', { name: 'Sinä' })).toBeVisible();

	mustBeQuiet();
	const answer = await page.goto(`/console/recordings/${colleagues}`);
	expect(answer?.status()).toBe(404);
	await expect(page.getByText('+358')).toHaveCount(0);
	const none = await page.goto('/console/recordings/nosuchrecording');
	expect(none?.status()).toBe(404);
});

test('a supervisor hears a subordinate, who then moves team: the sound stops at once, and nothing of the call is left', async ({
	browser
}) => {
	const { page } = await openPage(browser, serving.origin, wide);
	const ears = await listenTo(page);
	await signIn(page, 'supervisor');
	await page.goto('/console/recordings');
	await page.getByLabel('Työntekijä').selectOption({ label: 'Aapo Aarnisalo' });
	await page.getByRole('button', { name: 'Hae' }).click();
	await expect(page).toHaveURL(/from=\d{4}.*employee=/);
	await page.getByRole('row').last().getByRole('link').click();
	await page.getByRole('radio').last().check();
	await page.getByRole('button', { name: 'Avaa tallenne' }).click();
	await page.getByRole('button', { name: 'Kuuntele' }).click();
	await expect.poll(() => ears.level()).toBeGreaterThan(0.02);
	// The whole call is in the browser by now: cutting off answers would stop nothing.
	const superuser = await serving.superuser();
	const agent = await superuser.collection('staff').getFirstListItem("sign_in_name = 'agent'");
	// Watched and not listened for: an element that is let go drops the events that it had still to send.
	const silent = page.evaluate(async () => {
		const began = performance.now();
		while (!window.ears.element?.paused) await new Promise((resolve) => setTimeout(resolve, 5));
		return performance.now() - began;
	});
	await superuser.collection('staff').update(agent.id, { team: '' });
	process.stdout.write(`   silent ${Math.round(await silent)} ms after the change was asked for\n`);
	await expect(page.getByRole('alert')).toContainText('Kuuntelu päättyi');
	await expect.poll(() => ears.level()).toBe(0);
	await expect(page.getByText('+358')).toHaveCount(0);
	expect((await page.goto(`/console/recordings/${own}`))?.status()).toBe(404);
	await superuser.collection('staff').update(agent.id, { team: agent['team'] });
});

test('without script a search works, and the server masks a whole number before anything looks at it', async ({
	browser
}) => {
	const context = await browser.newContext({ baseURL: serving.origin, javaScriptEnabled: false });
	const page = await context.newPage();
	await signIn(page, 'agent');
	await page.goto('/console/recordings');
	await page.getByLabel('Asiakkaan puhelinnumero').fill(number);
	await page.getByRole('button', { name: 'Hae' }).click();
	await expect(page.getByRole('heading', { name: 'Puheluita 2' })).toBeVisible();
	expect(await page.content()).not.toContain('550123');
	await context.close();
});

test('a maintainer, an auditor and a contact person have no way in', async ({ browser }) => {
	for (const name of ['maintainer', 'auditor', 'contact']) {
		const { page } = await openPage(browser, serving.origin, wide);
		await signIn(page, name);
		await expect(page.getByRole('link', { name: 'Tallenteet' })).toHaveCount(0);
		for (const address of ['/console/recordings?from=2026-01-01&to=2026-12-31', `/console/recordings/${own}`]) {
			expect((await page.goto(address))?.status()).toBe(403);
			await expect(page.getByText('+358')).toHaveCount(0);
		}
		await page.context().close();
	}
});

test('the pages keep nobody out, in three languages and on two sizes of screen', async ({ browser }) => {
	test.setTimeout(600_000);
	for (const [language, size] of [
		['fi', wide],
		['sv', { width: 1920, height: 1080 }],
		['en', wide]
	] as const) {
		const { page, mustBeQuiet } = await openPage(browser, serving.origin, size);
		await signIn(page, 'agent');
		await page.getByRole('button', { name: { fi: 'Suomi', sv: 'Svenska', en: 'English' }[language] }).click();
		await page.goto('/console/recordings');
		await accessible(page);
		await page.locator('form button.primary').click();
		await expect(page.getByRole('table')).toBeVisible();
		await accessible(page);
		await picture(page, `${language}-search`);
		await page.getByRole('row').last().getByRole('link').click();
		await accessible(page);
		await picture(page, `${language}-purpose`);
		await page.getByRole('radio').first().check();
		await page.locator('form button.primary').click();
		await expect(page.getByRole('slider')).toBeVisible();
		await accessible(page);
		await picture(page, `${language}-player`);
		const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
		expect(wider).toBe(false);
		mustBeQuiet();
		await page.context().close();
	}
});

/** For whoever wants to look: names a folder in KUUNTELUPISTE_PICTURES. */
async function picture(page: Page, name: string): Promise<void> {
	const folder = process.env['KUUNTELUPISTE_PICTURES'];
	if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

async function accessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).analyze();
	expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}
