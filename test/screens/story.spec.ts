import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { openPage, signIn } from '../support/browsing.ts';
import { calls, exportOf } from '../support/calls.ts';
import { listenTo } from '../support/ears.ts';
import { furnish } from '../support/people.ts';
import { serve } from '../support/serving.ts';
import { installed, type Installed } from '../support/serving-installed.ts';

// The main job, told once from an empty data folder to the log: a customer hears their own call at an office.

let serving: Installed;
let folder: string;
test.beforeAll(async () => {
	serving = installed() ?? (await serve(furnish));
	folder = await exportOf(calls);
});
test.afterAll(async () => {
	await serving.remove();
	await rm(folder, { recursive: true, force: true });
});

const helsinkiDay = (daysAgo: number): string =>
	new Date(Date.now() - daysAgo * 24 * 3600_000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Helsinki' });

test('a customer hears their own call at an office, and every step is in the log', async ({ browser }) => {
	const { origin } = serving;

	// 1. Register: a recorder's export goes in while the server runs, and a second time nothing does.
	const first = await serving.command('import', folder);
	expect([first.code, first.err, first.out.trim().split('\n').at(-1)]).toEqual([
		0,
		'',
		'3 imported, 0 already known, 0 past retention, 0 rejected'
	]);
	expect((await serving.command('import', folder)).out.trim()).toBe(
		'0 imported, 3 already known, 0 past retention, 0 rejected'
	);

	// 4a. A browser becomes a kiosk: code on the kiosk, approval on the console.
	const kiosk = await openPage(browser, origin, { width: 1080, height: 1920 });
	const ears = await listenTo(kiosk.page);
	await kiosk.page.goto('/kiosk');
	await kiosk.page.getByRole('button', { name: 'Näytä koodi' }).click();
	const pairingCode = await kiosk.page.locator('.code').innerText();
	const maintainer = await openPage(browser, origin, { width: 1366, height: 768 });
	await signIn(maintainer.page, 'maintainer');
	await maintainer.page.getByRole('link', { name: 'Kioskit' }).first().click();
	await maintainer.page.getByLabel('Kioskin näyttämä koodi').fill(pairingCode.toLowerCase());
	await maintainer.page.getByLabel('Kioskin nimi').fill('Aulan kioski');
	await maintainer.page.getByRole('button', { name: 'Liitä kioski' }).click();
	await expect(maintainer.page.getByRole('heading', { name: 'Aulan kioski' })).toBeVisible();
	await expect(kiosk.page.getByRole('heading', { level: 1 })).toContainText('Tervetuloa');

	// 3. Desk: request, match, appointment, invitation.
	const desk = await openPage(browser, origin, { width: 1366, height: 768 });
	const sent: string[] = [];
	desk.page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
	await signIn(desk.page, 'contact');
	await desk.page.getByRole('link', { name: 'Pyynnöt' }).first().click();
	await desk.page.getByRole('link', { name: 'Uusi pyyntö' }).click();
	await desk.page.getByLabel('Asiakkaan nimi').fill('Helmi Esimerkki');
	await desk.page.getByLabel('Yhteystieto').fill('helmi@esimerkki.example');
	await desk.page.getByLabel('Mitä asiakas muistaa').fill('Paketti katosi, soitin viikonloppuna.');
	await desk.page.getByRole('button', { name: 'Ota vastaan' }).click();
	await expect(desk.page.getByRole('heading', { level: 1 })).toHaveText('Helmi Esimerkki');
	await desk.page.getByLabel('Päivä, noin').fill(helsinkiDay(2));
	await desk.page.getByLabel('Asiakkaan puhelinnumero').fill('049 555 0123');
	await desk.page.getByRole('button', { name: 'Hae' }).click();
	await expect(desk.page.getByText('2 puhelua sopii.')).toBeVisible();
	for (const bound of [1, 2]) {
		const row = desk.page.locator('tr', { has: desk.page.getByRole('button', { name: 'Liitä', exact: true }) }).first();
		await row.getByLabel('Mikä muu täsmää?').selectOption('subject');
		await row.getByRole('button', { name: 'Liitä', exact: true }).click();
		await expect(desk.page.getByRole('button', { name: 'Irrota' })).toHaveCount(bound);
	}
	// The number was masked before it left the browser.
	const posted = sent.filter((one) => one.includes('?/search'));
	expect(posted.length).toBeGreaterThan(0);
	expect(sent.join('\n')).not.toMatch(/555\s?0123/);
	expect(posted.join('\n')).toContain('***');

	await desk.page.locator('form[action^="?/book"] button[name=slot]').first().click();
	await desk.page.getByRole('button', { name: 'Tee kutsu' }).click();
	const invitation = desk.page.locator('article');
	await expect(invitation.getByRole('heading', { level: 1 })).toHaveText('Kutsu kuuntelemaan puhelusi tallenne');
	const code = await invitation.locator('.code').innerText();
	expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]$/);

	// 4b. The customer shows the code (a scanner is a keyboard); the console sees the arrival.
	await desk.page.goto('/console/today');
	await expect(desk.page.getByText('Kukaan ei ole juuri nyt kioskilla.')).toBeVisible();
	const audioBefore: string[] = [];
	kiosk.page.on('request', (request) => {
		if (request.url().includes('/audio/')) audioBefore.push(request.url());
	});
	await kiosk.page.keyboard.type(code);
	await kiosk.page.keyboard.press('Enter');
	await expect(kiosk.page.getByRole('heading', { level: 1 })).toContainText('löysimme varauksesi');
	await expect(desk.page.getByRole('heading', { name: 'Helmi Esimerkki' })).toBeVisible();
	expect(audioBefore).toEqual([]);
	await desk.page.getByLabel('Passi').check();
	await desk.page.getByRole('button', { name: 'Henkilö varmistettu, avaa kuuntelu' }).click();

	// 4c. The kiosk goes on by itself: notice, headset, what will be heard, the player.
	await expect(kiosk.page.getByRole('heading', { level: 1 })).toHaveText('Ennen kuin kuuntelet');
	expect(audioBefore).toEqual([]);
	await kiosk.page.getByRole('button', { name: 'Jatka' }).click();
	await kiosk.page.getByRole('button', { name: 'Soita koeääni' }).click();
	await kiosk.page.getByRole('button', { name: 'Kuulen äänen' }).click();
	await expect(kiosk.page.getByRole('heading', { level: 1 })).toContainText('2');
	await kiosk.page.getByRole('listitem').getByRole('button').nth(1).click();

	const slider = kiosk.page.getByRole('slider');
	await expect(slider).toBeVisible();
	await kiosk.page.getByRole('button', { name: 'Kuuntele', exact: true }).click();
	await expect.poll(() => ears.level()).toBeGreaterThan(0.01);
	await kiosk.page.getByRole('button', { name: 'Tauko' }).click();
	await expect(kiosk.page.getByRole('button', { name: 'Kuuntele', exact: true })).toBeVisible();
	await expect.poll(() => ears.level()).toBeLessThan(0.001);
	await slider.focus();
	await kiosk.page.keyboard.press('Home');
	await kiosk.page.getByRole('button', { name: /10 s eteen/ }).click();
	await expect(slider).toHaveAttribute('aria-valuetext', /^10 sekuntia/);
	await kiosk.page.getByRole('button', { name: 'Kuuntele', exact: true }).click();
	await expect.poll(() => ears.level()).toBeGreaterThan(0.01);
	const [played] = audioBefore;

	// "This is not my call": it stops at once, and the visit goes on with the other one.
	await kiosk.page.getByRole('button', { name: 'Tämä ei ole minun puheluni' }).click();
	await expect.poll(() => ears.level()).toBeLessThan(0.001);
	await kiosk.page.getByRole('button', { name: 'Ei ole minun', exact: true }).click();
	await expect(kiosk.page.getByRole('listitem')).toHaveCount(1);
	await kiosk.page.getByRole('listitem').getByRole('button').click();
	// A-law telephone sound plays as well.
	await kiosk.page.getByRole('button', { name: 'Kuuntele', exact: true }).click();
	await expect.poll(() => ears.level()).toBeGreaterThan(0.01);

	kiosk.mustBeQuiet();

	// The end: nothing of the visit is left, and the address of the sound gives nothing any more.
	await kiosk.page.getByRole('button', { name: 'Lopeta', exact: true }).click();
	await expect(kiosk.page.getByRole('heading', { level: 1 })).toContainText('Tervetuloa');
	for (const address of new Set(audioBefore)) {
		const answer = await kiosk.page.evaluate(async (url) => {
			const element = new Audio(url);
			return new Promise((resolve) => {
				element.onerror = () => resolve('error');
				element.onloadeddata = () => resolve('sound');
			});
		}, address);
		expect(answer).toBe('error');
	}
	expect(played).toBeDefined();
	await kiosk.page.goBack().catch(() => undefined);
	await expect(kiosk.page.getByRole('slider')).toHaveCount(0);

	// 6. The log holds every step in order, and verifies; the auditor sees it.
	const auditor = await openPage(browser, origin, { width: 1366, height: 768 });
	await signIn(auditor.page, 'auditor');
	await auditor.page.getByRole('link', { name: 'Käyttöloki' }).first().click();
	await expect(auditor.page.getByRole('heading', { level: 1 })).toHaveText('Käyttöloki');
	const lines = (await auditor.page.locator('ol li').allInnerTexts()).reverse();
	const told = [
		'kirjautui sisään',
		'liitti kioskin',
		'kirjautui sisään',
		'otti pyynnön vastaan',
		'haki tallenteita',
		'katsoi tallenteen tietoja',
		'liitti tallenteen pyyntöön',
		'liitti tallenteen pyyntöön',
		'varasi ajan',
		'teki kutsun',
		'näytti koodin',
		'tarkisti henkilöllisyyden',
		'avasi kuuntelun kioskille',
		'katsoi tallenteen tietoja',
		'aloitti kuuntelun',
		'lopetti kuuntelun',
		'ilmoitti, ettei puhelu ole oma',
		'irrotti tallenteen pyynnöstä',
		'aloitti kuuntelun',
		'lopetti kuuntelun',
		'päätti käynnin',
		'ei saanut lupaa: äänen pyyntö',
		'kirjautui sisään'
	];
	let from = 0;
	for (const step of told) {
		const at = lines.findIndex((line, place) => place >= from && line.includes(step));
		expect(at, `"${step}" after line ${from} of ${JSON.stringify(lines)}`).toBeGreaterThanOrEqual(0);
		from = at + 1;
	}
	expect((await serving.command('log', 'verify')).out).toMatch(/^\d+ entries, intact\n$/);

	for (const one of [maintainer, desk, auditor]) one.mustBeQuiet();

	// Nothing that was left behind holds a whole number.
	await Promise.all([kiosk, maintainer, desk, auditor].map(({ page }) => page.close()));
	await serving.stop();
	for (const file of await readdir(serving.data, { recursive: true, withFileTypes: true })) {
		if (!file.isFile()) continue;
		const bytes = await readFile(path.join(file.parentPath, file.name));
		for (const digits of ['495550123', '495559876', '0495550123', '5550123']) {
			expect(bytes.includes(digits), `${digits} in ${file.name}`).toBe(false);
		}
	}
});
