import { expect, test, type Page } from '@playwright/test';
import { atTheKiosk, takeInCalls } from '../support/at-the-kiosk.ts';
import { openPage, signIn } from '../support/browsing.ts';
import { accessible, picture, small, speak } from '../support/looking.ts';
import { furnish } from '../support/people.ts';
import type { Proxy } from '../support/proxy.ts';
import type { Serving } from '../support/serving.ts';
import { serveByProxy } from '../support/serving-by-proxy.ts';

// What staff see of the kiosks while it happens, and what the kiosks hear of staff.

let proxy: Proxy;
let serving: Serving;
let calls: string[];
test.beforeAll(async () => {
	test.setTimeout(200_000);
	({ proxy, serving } = await serveByProxy(furnish));
	calls = await takeInCalls(serving);
});
test.afterAll(async () => {
	await serving.remove();
	await proxy.close();
});
test.beforeEach(() => test.setTimeout(200_000));

const button = (page: Page, name: string | RegExp) =>
	page.getByRole('button', { name, exact: typeof name === 'string' });

/** Milliseconds from a press to what it brings about elsewhere. */
async function until(press: () => Promise<void>, seen: () => Promise<void>): Promise<number> {
	await press();
	const began = Date.now();
	await seen();
	return Date.now() - began;
}

test('a visitor who calls is seen at once, and hears at once that somebody comes', async ({ browser }) => {
	const kiosk = await atTheKiosk(browser, serving, calls);
	await kiosk.page.goto('/kiosk');
	await expect(kiosk.page.locator('h1:focus')).toBeVisible();
	await kiosk.page.keyboard.type(kiosk.code);
	await kiosk.page.keyboard.press('Enter');
	await expect(kiosk.page.locator('.steps')).toBeVisible();
	const desk = await openPage(browser, serving.origin, small);
	await signIn(desk.page, 'contact');
	await desk.page.goto('/console/today');
	await expect(button(desk.page, 'Henkilö varmistettu, avaa kuuntelu')).toBeVisible();

	// The best of three counts: how fast they are, not how busy the machine.
	const seen: number[] = [];
	const heard: number[] = [];
	for (let go = 0; go < 3; go++) {
		seen.push(
			await until(
				() => button(kiosk.page, 'Kutsu henkilökunta').click(),
				() => button(desk.page, 'Olen tulossa').waitFor()
			)
		);
		await expect(kiosk.page.locator('.called')).toHaveText('Henkilökunta on kutsuttu');
		if (go === 0) {
			for (const language of ['sv', 'en', 'fi'] as const) {
				await speak(desk.page, language);
				await desk.page.reload();
				await accessible(desk.page);
				await picture(desk.page, `today-${language}`);
			}
		}
		heard.push(
			await until(
				() => button(desk.page, 'Olen tulossa').click(),
				() => kiosk.page.locator('.called', { hasText: 'Henkilökunta on tulossa' }).waitFor()
			)
		);
		// Whoever was told that somebody comes sees the button again after a minute; a page loaded anew, at once.
		await kiosk.page.reload();
		await expect(kiosk.page.locator('h1:focus')).toBeVisible();
	}
	test.info().annotations.push({ type: 'ms', description: JSON.stringify({ seen, heard }) });
	expect(Math.min(...seen)).toBeLessThan(2000);
	expect(Math.min(...heard)).toBeLessThan(2000);
	kiosk.mustBeQuiet();
	desk.mustBeQuiet();
	await Promise.all([kiosk.page.close(), desk.page.close()]);
});

test('the maintainer sees where each kiosk is, ends a visit and takes a kiosk’s right away', async ({ browser }) => {
	const kiosk = await atTheKiosk(browser, serving, calls);
	const { name } = await (await serving.superuser()).collection('kiosks').getOne(kiosk.kiosk);
	const board = await openPage(browser, serving.origin, small);
	board.page.on('dialog', (dialog) => void dialog.accept());
	await signIn(board.page, 'maintainer');
	await board.page.goto('/console/kiosks');
	const device = board.page.getByRole('article').filter({ has: board.page.getByRole('heading', { name }) });
	await expect(device).toContainText('Ei yhteyttä');
	await kiosk.page.goto('/kiosk');
	for (const words of ['Yhteydessä', 'Vapaa', 'Uusin', /Nähty viimeksi\s+\d/])
		await expect(device).toContainText(words);
	await expect(kiosk.page.locator('h1:focus')).toBeVisible();
	await kiosk.page.keyboard.type(kiosk.code);
	await kiosk.page.keyboard.press('Enter');
	await expect(device).toContainText('Odottaa yhteyshenkilöä');
	for (const language of ['sv', 'en', 'fi'] as const) {
		await speak(board.page, language);
		await board.page.reload();
		await accessible(board.page);
		await picture(board.page, `kiosks-${language}`);
	}
	await button(board.page, new RegExp(`^Lopeta käynti: ${String(name)}`)).click();
	await expect(kiosk.page.locator('.cover')).toHaveText('Henkilökunta on päättänyt käynnin. Kiitos!');
	await expect(device).toContainText('Vapaa');
	await expect(kiosk.page.getByRole('heading', { level: 1 })).toContainText('Tervetuloa');
	await button(board.page, `Peru lupa: ${String(name)}`).click();
	await expect(device).toContainText('Lupa peruttu');
	await expect(kiosk.page.getByRole('heading', { level: 1 })).toContainText('ei ole vielä kuuntelupiste');
	board.mustBeQuiet();
	await Promise.all([kiosk.page.close(), board.page.close()]);
});

test('a board whose line has fallen silent says so, and sees what it missed when it speaks again', async ({
	browser
}) => {
	const kiosk = await atTheKiosk(browser, serving, calls);
	const desk = await openPage(browser, serving.origin, small);
	await signIn(desk.page, 'contact');
	await desk.page.goto('/console/today');
	const line = desk.page.getByRole('status').filter({ hasText: /päivittyy|katkesi/ });
	await expect(line).toContainText('päivittyy itsestään');
	// A plug that is pulled: nobody is told.
	proxy.swallow();
	await expect(line).toContainText('Yhteys katkesi', { timeout: 30_000 });
	proxy.open();
	await expect(line).toContainText('päivittyy itsestään', { timeout: 30_000 });
	await kiosk.page.goto('/kiosk');
	await expect(kiosk.page.locator('h1:focus')).toBeVisible();
	await kiosk.page.keyboard.type(kiosk.code);
	await kiosk.page.keyboard.press('Enter');
	await expect(button(desk.page, 'Henkilö varmistettu, avaa kuuntelu')).toBeVisible();
	await Promise.all([kiosk.page.close(), desk.page.close()]);
});
