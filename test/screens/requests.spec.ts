import { rm } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { appointments } from '#visits/appointment-row.ts';
import { becomeKiosk, openPage, signIn } from '../support/browsing.ts';
import { calls, exportOf } from '../support/calls.ts';
import { picture, small } from '../support/looking.ts';
import { onPaper, type Paper } from '../support/paper.ts';
import { furnish } from '../support/people.ts';
import * as plant from '../support/plant.ts';
import { serve, type Serving } from '../support/serving.ts';

// A request from the customer's call to its end: what the contact person does before the visit, and after it.

let serving: Serving;
let secret: string;
test.beforeAll(async () => {
	serving = await serve(furnish);
	const folder = await exportOf(calls);
	const { code, err } = await serving.command('import', folder);
	await rm(folder, { recursive: true, force: true });
	if (code !== 0) throw new Error(err);
	const superuser = await serving.superuser();
	const [office] = await superuser.collection('offices').getFullList();
	const [maintainer] = await superuser.collection('staff').getFullList({ filter: 'roles ~ "maintainer"' });
	({ secret } = await plant.kiosk({ superuser }, office?.id ?? '', maintainer?.id ?? ''));
});
test.afterAll(() => serving.remove());

const helsinkiDay = (daysAgo: number): string =>
	new Date(Date.now() - daysAgo * 24 * 3600_000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Helsinki' });

async function takeIn(page: Page, name: string, remembers: string): Promise<void> {
	await page.goto('/console/requests');
	await page.getByRole('link', { name: 'Uusi pyyntö' }).click();
	await page.getByLabel('Tapa').selectOption('Puhelin');
	await page.getByLabel('Asiakkaan nimi').fill(name);
	await page.getByLabel('Mitä asiakas muistaa').fill(remembers);
	await page.getByRole('button', { name: 'Ota vastaan' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
}

const times = (page: Page) => page.locator('section#time');
const suggested = (page: Page) => times(page).locator('button.whole');

/** Makes the invitation of the hour on the page, and gives the paper and the code that is typed. */
async function invite(page: Page, name: string): Promise<{ paper: Paper; code: string }> {
	await times(page).getByRole('button', { name: 'Tee kutsu' }).click();
	const code = await page.getByRole('article').locator('.code').innerText();
	await picture(page, name);
	const paper = await onPaper(await page.pdf({ preferCSSPageSize: true }));
	await page.getByRole('link', { name: 'Takaisin pyyntöön' }).click();
	return { paper, code };
}

test('from a vague memory to a visit: candidates, three offers, an invitation, a move, a no-show, and the end', async ({
	browser
}) => {
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, small);
	await signIn(page, 'contact');
	await takeIn(page, 'Helmi Esimerkki', 'Paketti katosi. Soitin joskus viikonlopun tienoilla, puhuin miehen kanssa.');

	// Candidates: a week's calls first, then those of a masked number; one is ruled out, one is bound by a second fact.
	await page.getByLabel('Päivä, noin').fill(helsinkiDay(4));
	await page.getByLabel('Tarkkuus').selectOption('7');
	await page.getByRole('button', { name: 'Hae' }).click();
	await expect(page.getByText('3 puhelua sopii.')).toBeVisible();
	await page.getByLabel('Asiakkaan puhelinnumero').fill('049 555 0123');
	await page.getByRole('button', { name: 'Hae' }).click();
	await expect(page.getByText('2 puhelua sopii.')).toBeVisible();
	await expect(page.getByText('voi olla mikä tahansa 1 000 numerosta')).toBeVisible();
	const candidates = page.getByRole('row').filter({ has: page.getByRole('combobox') });
	await candidates.last().getByRole('button', { name: 'Sulje pois' }).click();
	await expect(page.getByText('1 puhelu on vielä ratkaisematta')).toBeVisible();
	// Without a second fact nothing is bound: the browser asks for it.
	await candidates.first().getByRole('button', { name: 'Liitä', exact: true }).click();
	await expect(page.getByRole('button', { name: 'Irrota' })).toHaveCount(0);
	await candidates.first().getByLabel('Mikä muu täsmää?').selectOption('Puhelun aihe');
	await candidates.first().getByRole('button', { name: 'Liitä', exact: true }).click();
	await expect(page.getByRole('button', { name: 'Irrota' })).toHaveCount(1);
	await expect(page.getByText('Pyyntö keskeyttää hävittämisen')).toBeVisible();
	await picture(page, 'story-bound');

	// Three times on two days; the first is booked, its invitation printed.
	await expect(suggested(page)).toHaveCount(3);
	expect(new Set(await suggested(page).locator('span').allInnerTexts()).size).toBe(2);
	const hours = await suggested(page).allInnerTexts();
	await suggested(page).first().click();
	await expect(times(page)).toContainText('Kutsua ei ole vielä tehty.');
	const first = await invite(page, 'story-invitation');
	const [day = '', clock = ''] = (hours[0] ?? '').split('\n');
	expect(first.paper.pages).toBe(1);
	for (const said of ['Helmi Esimerkki', day, clock, 'Mallikatu 1', first.code]) {
		expect(first.paper.text).toContain(said);
	}
	expect(first.paper.code?.says).toMatch(/^[0-9A-Z]{26}$/);
	expect(first.paper.code?.mm).toBeGreaterThan(30);

	// The customer calls: another time. The old paper is dead, by its code and by its QR.
	await times(page).getByRole('link', { name: 'Siirrä aikaa' }).click();
	await times(page).getByLabel('Kuka siirtää ja miksi?').selectOption('Aika ei sovi');
	await suggested(page).first().click();
	await expect(times(page)).toContainText('Viimeksi siirretty: aika ei sovi.');
	await expect(times(page)).toContainText('Kutsua ei ole vielä tehty.');
	const second = await invite(page, 'story-moved');
	expect(second.code).not.toBe(first.code);
	const kiosk = await openPage(browser, serving.origin, { width: 1080, height: 1920 });
	await becomeKiosk(kiosk.page.context(), serving.origin, secret);
	await isDead(kiosk.page, first.code);
	await isDead(kiosk.page, first.paper.code?.says ?? '');

	// Nobody comes: an hour later it is said so, the request goes on, and the next hour is booked.
	await anHourAgo();
	await page.reload();
	await times(page).getByRole('button', { name: 'Asiakas ei tullut' }).click();
	await expect(times(page)).toContainText('Ei tullut');
	await suggested(page).first().click();
	const third = await invite(page, 'story-third');
	await isDead(kiosk.page, second.code);

	// The visit: the QR of the last paper, as a scanner reads it.
	await show(kiosk.page, third.paper.code?.says ?? '');
	await expect(kiosk.page.getByRole('heading', { level: 1 })).toContainText('löysimme varauksesi');
	await page.goto('/console/today');
	await page.getByLabel('Passi').check();
	await page.getByRole('button', { name: 'Henkilö varmistettu, avaa kuuntelu' }).click();
	await kiosk.page.getByRole('button', { name: 'Jatka' }).click();
	await kiosk.page.getByRole('button', { name: 'Soita koeääni' }).click();
	await kiosk.page.getByRole('button', { name: 'Kuulen äänen' }).click();
	await kiosk.page.getByRole('listitem').getByRole('button').click();
	await kiosk.page.getByRole('button', { name: 'Kuuntele', exact: true }).click();
	await expect(kiosk.page.getByRole('button', { name: 'Tauko' })).toBeVisible();
	await kiosk.page.getByRole('button', { name: 'Lopeta', exact: true }).click();
	await expect(kiosk.page.getByRole('heading', { level: 1 })).toContainText('Tervetuloa');

	// Heard, and closed.
	await page.goto('/console/requests');
	await expect(page.getByRole('row', { name: /Helmi Esimerkki/ })).toContainText('Kuunneltu');
	await page.getByRole('link', { name: 'Helmi Esimerkki' }).click();
	await close(page, 'Asiakas kuunteli puhelun');
	await expect(page.getByText(/Päätetty \S+na .*: Asiakas kuunteli puhelun\./)).toBeVisible();
	await picture(page, 'story-closed');
	await page.goto('/console/requests?show=closed');
	await expect(page.getByRole('row', { name: /Helmi Esimerkki/ })).toContainText('Asiakas kuunteli puhelun');
	mustBeQuiet();
});

test('a call that was destroyed before the request came: it ends so only with the proof, and its letter names it', async ({
	browser
}) => {
	const superuser = await serving.superuser();
	const day = helsinkiDay(200);
	await plant.destruction({ superuser }, 'rdestroyed00001', day, new Date(Date.now() - 10 * 24 * 3600_000));
	const { page } = await openPage(browser, serving.origin, small);
	await signIn(page, 'contact');
	await takeIn(page, 'Vanha Puhelu', 'Keväällä, muuttoilmoitus.');
	// A day of which there is no proof is refused; the right one is not.
	await close(page, 'Tuhottu ennen pyyntöä', helsinkiDay(199));
	await expect(page.getByRole('alert')).toContainText('ei ole hävitystietoa');
	await close(page, 'Tuhottu ennen pyyntöä', day);
	await expect(page.getByText(/Päätetty .*: Tuhottu ennen pyyntöä\./)).toBeVisible();
	await page.getByRole('link', { name: 'Tuhottu ennen pyyntöä' }).click();
	const letter = page.getByRole('article').first();
	await expect(letter.getByRole('heading', { level: 1 })).toHaveText('Puhelusi tallenne oli jo tuhottu');
	const paper = await onPaper(await page.pdf({ preferCSSPageSize: true }));
	expect(paper.pages).toBe(2);
	for (const said of ['Vanha Puhelu', 'rdestroyed00001', 'Säilytysaika päättyi', 'Tietosuojavaltuutetun toimisto']) {
		expect(paper.text).toContain(said);
	}
});

/** A visitor shows a code at the kiosk: a scanner is a keyboard. */
async function show(kiosk: Page, code: string): Promise<void> {
	await kiosk.goto('/kiosk');
	await expect(kiosk.getByRole('heading', { level: 1 })).toContainText('Tervetuloa');
	const answered = kiosk.waitForResponse((answer) => answer.request().method() === 'POST');
	await kiosk.keyboard.type(code);
	await kiosk.keyboard.press('Enter');
	await answered;
}

/** A kiosk opens nothing by this code. */
async function isDead(kiosk: Page, code: string): Promise<void> {
	await show(kiosk, code);
	await expect(kiosk.getByRole('alert')).not.toBeEmpty();
	await expect(kiosk.getByRole('heading', { level: 1 })).not.toContainText('varauksesi');
}

async function close(page: Page, as: string, callDay?: string): Promise<void> {
	await page.getByText('Päätä pyyntö').first().click();
	await page.getByLabel('Lopputulos').selectOption(as);
	if (callDay) await page.getByLabel('Puhelun päivä').fill(callDay);
	page.once('dialog', (dialog) => dialog.accept());
	await page.getByRole('button', { name: 'Päätä pyyntö' }).click();
}

/** Puts the booked hour an hour back: the time in which nobody came. */
async function anHourAgo(): Promise<void> {
	const superuser = await serving.superuser();
	const [hour] = await appointments(superuser).list({ filter: "state = 'booked'" });
	if (!hour) throw new Error('nothing is booked');
	const [starts, ends] = [hour.starts, hour.ends].map(
		(at) => new Date(at.getTime() - (hour.starts.getTime() - Date.now()) - 3600_000)
	);
	await superuser.collection('appointments').update(hour.id, { starts, ends });
}
