import { expect, test } from '@playwright/test';
import { openPage, signIn } from '../support/browsing.ts';
import { accessible } from '../support/looking.ts';
import { furnish } from '../support/people.ts';
import * as plant from '../support/plant.ts';
import { people } from '#staff/person.ts';
import { serve, type Serving } from '../support/serving.ts';

// The contact person's pages, with script and without.

const number = '+358495550123';
let serving: Serving;
let request: string;
test.beforeAll(async () => {
	serving = await serve(furnish);
});
test.afterAll(() => serving.remove());
test.beforeEach(async () => {
	request = await aRequest();
});

/** A request whose call the desk has found, and a kiosk to book. */
async function aRequest(): Promise<string> {
	const superuser = await serving.superuser();
	const [office] = await superuser.collection('offices').getFullList();
	const [contact] = await superuser.collection('staff').getFullList({ filter: "sign_in_name = 'contact'" });
	if (!office || !contact) throw new Error('the register is not furnished');
	await plant.kiosk({ superuser }, office.id, contact.id);
	return (await plant.request({ superuser }, contact.id, { name: 'Helmi Esimerkki' })).id;
}

test('a whole phone number never leaves the browser, not even when the form is sent half typed', async ({
	browser
}) => {
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, { width: 1366, height: 900 });
	const sent: string[] = [];
	page.on('request', (asked) => sent.push(decodeURIComponent(`${asked.url()} ${asked.postData() ?? ''}`)));
	await signIn(page, 'contact');
	await page.goto(`/console/requests/${request}`);
	await page.getByLabel('Päivä, noin').fill('2026-11-01');
	for (const typed of [number, '049 555 0123', '0495']) {
		await page.getByLabel('Asiakkaan puhelinnumero').fill(typed);
		await expect(page.locator('input[name=number]')).toHaveValue(/\*\*\*$/);
		const answered = page.waitForResponse((answer) => answer.url().includes('?/search'));
		await page.getByRole('button', { name: 'Hae' }).click();
		await answered;
	}
	await page.getByLabel('Asiakkaan puhelinnumero').fill('ei numero 5550123');
	await expect(page.getByText('Tämä ei ole vielä puhelinnumero')).toBeVisible();
	await page.getByRole('button', { name: 'Hae' }).click();
	await expect(page.getByText('Yhtään puhelua ei löytynyt')).toBeVisible();
	expect(sent.filter((one) => one.includes('?/search'))).toHaveLength(4);
	expect(sent.join('\n').replaceAll(/\s/g, '')).not.toContain('5550123');
	expect(sent.join('\n')).toContain('+358495550***');
	mustBeQuiet();
});

test('without script the desk works, and the server masks a whole number before anything looks at it', async ({
	browser
}) => {
	const context = await browser.newContext({ baseURL: serving.origin, javaScriptEnabled: false });
	const page = await context.newPage();
	await signIn(page, 'contact');
	await page.goto('/console/requests/new');
	await page.getByLabel('Asiakkaan nimi').fill('Ilmari Skriptitön');
	await page.getByRole('button', { name: 'Ota vastaan' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ilmari Skriptitön');
	await page.getByLabel('Päivä, noin').fill('2026-11-01');
	await page.getByLabel('Asiakkaan puhelinnumero').fill(number);
	await page.getByRole('button', { name: 'Hae' }).click();
	await expect(page.getByLabel('Asiakkaan puhelinnumero')).toHaveValue('+358495550***');
	expect(await page.content()).not.toContain('550123');
	await page.getByLabel('Päivä, noin').fill('2026-11-01');
	await page.getByLabel('Asiakkaan puhelinnumero').fill('abc');
	await page.getByRole('button', { name: 'Hae' }).click();
	await expect(page.getByRole('alert')).toContainText('Puhelinnumero ei ole oikeassa muodossa');
	await context.close();
});

test('the invitation is one A4 page in each language, and printing again replaces its code', async ({ browser }) => {
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, { width: 1366, height: 900 });
	const appointment = await anAppointment();
	await signIn(page, 'contact');
	const codes: string[] = [];
	for (const button of ['Tee kutsu', 'Tee uusi kutsu']) {
		await page.goto(`/console/appointments/${appointment}/invitation`);
		await page.getByRole('button', { name: button, exact: true }).click();
		const letter = page.getByRole('article');
		for (const [name, title] of [
			['Suomi', 'Kutsu kuuntelemaan puhelusi tallenne'],
			['Svenska', 'Inbjudan att lyssna på inspelningen av ditt samtal'],
			['English', 'Invitation to hear the recording of your call']
		] as const) {
			await page.getByRole('group', { name: 'Kutsun kieli' }).getByRole('button', { name }).click();
			await expect(letter.getByRole('heading', { level: 1 })).toHaveText(title);
			const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
			expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
			expect(pdf).toMatch(/\/MediaBox \[0 0 59[45]\.\d+ 84[12]/);
		}
		const { width } = (await letter.locator('svg').boundingBox()) ?? { width: 0 };
		// 25 of the 33 modules are the code: at least 30 mm of paper.
		expect((width * 25) / 33 / (96 / 25.4)).toBeGreaterThan(30);
		codes.push(await letter.locator('.code').innerText());
		if (button === 'Tee kutsu') await accessible(page);
	}
	expect(codes[0]).not.toBe(codes[1]);
	mustBeQuiet();
});

/** An appointment an hour from now, for the request, with a call to hear. */
async function anAppointment(): Promise<string> {
	const superuser = await serving.superuser();
	const [office] = await superuser.collection('offices').getFullList();
	const [kiosk] = await superuser.collection('kiosks').getFullList({ sort: '-created' });
	const [contact] = await people(superuser).list({ filter: "sign_in_name = 'contact'" });
	if (!office || !kiosk || !contact) throw new Error('the register is not furnished');
	const place = { request, office: office.id, kiosk: kiosk.id, bookedBy: contact.id };
	const hour = 3600_000;
	const [starts, ends] = [1, 2].map((hours) => new Date(Date.now() + hours * hour).toISOString());
	return (await plant.appointment({ superuser }, place, { starts, ends })).id;
}
