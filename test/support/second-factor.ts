import { expect, type Page } from '@playwright/test';
import jsQR from 'jsqr';
import { URI } from 'otpauth';
import { PNG } from 'pngjs';
import { password } from './people.ts';

/** The first of the two proofs. */
export async function typePassword(page: Page, name: string): Promise<void> {
	await page.goto('/console/sign-in');
	await page.getByLabel('Käyttäjätunnus').fill(name);
	await page.getByLabel('Salasana').fill(password);
	await page.keyboard.press('Enter');
}

/** What a phone makes of the QR code on the page: the codes of a moment, of now unless told. */
export async function readCode(page: Page): Promise<(timestamp?: number) => string> {
	const picture = PNG.sync.read(await page.getByRole('img', { name: 'QR-koodi' }).screenshot());
	const read = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height);
	const app = URI.parse(read?.data ?? '');
	if (!('period' in app)) throw new Error('the code is for no clock');
	return (timestamp = Date.now()) => app.generate({ timestamp });
}

/** The first sign-in of a person, by keyboard: gives what their phone shows from now on, and their recovery codes. */
export async function enrol(page: Page, name: string) {
	await typePassword(page, name);
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ota toinen tunniste käyttöön');
	const codeAt = await readCode(page);
	await page.getByLabel('Kuusinumeroinen koodi').fill(codeAt());
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Varakoodit');
	const recovery = await page.getByRole('listitem').allTextContents();
	await page.getByRole('link', { name: 'Koodit ovat tallessa, jatka' }).press('Enter');
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Hei');
	return { codeAt, recovery };
}
