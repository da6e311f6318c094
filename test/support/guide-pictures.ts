import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { chromium, type Page } from '@playwright/test';
import { signIn } from './browsing.ts';
import { calls, exportOf } from './calls.ts';
import { furnish } from './people.ts';
import { serve } from './serving.ts';

// `npm run -s pictures`: one visit, from the phone call to the goodbye, and a picture of each step for the contact
// person's guide, in deploy/pictures. They are looked at by whoever commits them.

const folder = new URL('../../deploy/pictures/', import.meta.url).pathname;
mkdirSync(folder, { recursive: true });
const serving = await serve(furnish);
const browser = await chromium.launch({
	executablePath: '/usr/bin/chromium',
	args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--autoplay-policy=no-user-gesture-required']
});

async function open(width: number, height: number, deviceScaleFactor: number): Promise<Page> {
	const context = await browser.newContext({
		...{ viewport: { width, height }, deviceScaleFactor },
		...{ baseURL: serving.origin, locale: 'fi-FI' }
	});
	const page = await context.newPage();
	page.setDefaultTimeout(15_000);
	return page;
}
const go = async (page: Page, address: string): Promise<void> => {
	await page.goto(address);
	await page.locator('html[data-alive]').waitFor({ state: 'attached' });
};
const take = (page: Page, name: string) => page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled' });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click();

try {
	const taken = await exportOf(calls);
	await serving.command('import', taken);
	await rm(taken, { recursive: true, force: true });

	const kiosk = await open(1080, 1920, 0.4);
	await go(kiosk, '/kiosk');
	await press(kiosk, 'Näytä koodi');
	const maintainer = await open(1366, 768, 1);
	await signIn(maintainer, 'maintainer');
	await go(maintainer, '/console/kiosks');
	await maintainer.getByLabel('Kioskin näyttämä koodi').fill(await kiosk.locator('.code').innerText());
	await maintainer.getByLabel('Kioskin nimi').fill('Aulan kioski');
	await press(maintainer, 'Liitä kioski');
	await kiosk.getByRole('heading', { level: 1, name: 'Tervetuloa' }).waitFor();

	const desk = await open(1100, 700, 0.7);
	await signIn(desk, 'contact');
	await go(desk, '/console/requests');
	await desk.getByRole('link', { name: 'Uusi pyyntö' }).click();
	await desk.getByLabel('Asiakkaan nimi').fill('Helmi Esimerkki');
	await desk.getByLabel('Yhteystieto').fill('helmi@esimerkki.example');
	await desk.getByLabel('Mitä asiakas muistaa').fill('Paketti katosi, soitin viikonloppuna.');
	await take(desk, '1-pyynto');
	await press(desk, 'Ota vastaan');
	const day = new Date(Date.now() - 2 * 24 * 3600_000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Helsinki' });
	await desk.getByLabel('Päivä, noin').fill(day);
	await desk.getByLabel('Asiakkaan puhelinnumero').fill('049 555 0123');
	await press(desk, 'Hae');
	await desk.getByText('2 puhelua sopii.').waitFor();
	await desk.getByText('2 puhelua sopii.').evaluate((element) => element.scrollIntoView());
	await desk.getByLabel('Mikä muu täsmää?').first().selectOption('subject');
	await take(desk, '2-puhelu');
	await press(desk, 'Liitä');
	await desk.getByRole('button', { name: 'Irrota' }).first().waitFor();
	const slot = desk.locator('form[action^="?/book"] button[name=slot]').first();
	await slot.evaluate((element) => element.scrollIntoView({ block: 'center' }));
	await take(desk, '3-aika');
	await slot.click();
	await press(desk, 'Tee kutsu');
	const code = await desk.locator('article .code').innerText();
	await take(desk, '4-kutsu');

	await go(desk, '/console/today');
	await kiosk.keyboard.type(code);
	await kiosk.keyboard.press('Enter');
	await kiosk.getByRole('heading', { level: 1, name: 'löysimme varauksesi' }).waitFor();
	await take(kiosk, '5-odottaa');
	await desk.getByLabel('Passi').check();
	await take(desk, '6-henkilo');
	await press(desk, 'Henkilö varmistettu, avaa kuuntelu');
	await kiosk.getByRole('heading', { level: 1, name: 'Ennen kuin kuuntelet' }).waitFor();
	await take(kiosk, '7-tiedote');
	await press(kiosk, 'Jatka');
	await press(kiosk, 'Soita koeääni');
	await press(kiosk, 'Kuulen äänen');
	// With one call there is no list to choose from.
	const listed = kiosk.getByRole('listitem').getByRole('button');
	await listed.or(kiosk.getByRole('slider')).first().waitFor();
	if (await listed.count()) await listed.first().click();
	await press(kiosk, 'Kuuntele');
	await press(kiosk, 'Tauko');
	await take(kiosk, '8-kuuntelu');
	await press(kiosk, 'Kutsu henkilökunta');
	await desk.getByText('Pyytää henkilökuntaa').waitFor();
	await take(desk, '9-apu');
	await press(desk, 'Olen tulossa');
	await press(kiosk, 'Lopeta');
	await kiosk.getByRole('heading', { level: 1, name: 'Tervetuloa' }).waitFor();
	await take(kiosk, '10-hyvastely');
} finally {
	await browser.close();
	await serving.remove();
}
