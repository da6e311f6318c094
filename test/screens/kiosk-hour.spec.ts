import { rename } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { atTheKiosk, takeInCalls, type AtTheKiosk } from '../support/at-the-kiosk.ts';
import { openPage, signIn } from '../support/browsing.ts';
import { listenTo, type Ears } from '../support/ears.ts';
import { axeFinds, pictureFaults } from '../support/on-the-screen.ts';
import { furnish } from '../support/people.ts';
import { serveHere, type ServingHere } from '../support/serving-by-clock.ts';

// The hour at the kiosk and its end, and a screen that nobody touches: by clocks of the browser and of the server that
// the test moves on.

const minute = 60_000;
let serving: ServingHere;
let calls: string[];
test.beforeAll(async () => {
	test.setTimeout(300_000);
	serving = await serveHere(furnish);
	calls = await takeInCalls(serving);
});
test.afterAll(() => serving.remove());
test.beforeEach(() => test.setTimeout(300_000));

interface Kiosk extends AtTheKiosk {
	ears: Ears;
}

/** A visitor before the player, in a browser whose time can be moved on. */
async function listening(browser: Browser, { minutes = 30 } = {}): Promise<Kiosk> {
	// The server's time is ahead by what other tests moved it on.
	const ahead = (serving.register.now().getTime() - Date.now()) / minute;
	const kiosk = await atTheKiosk(browser, serving, calls, { minutes: minutes + ahead });
	const { page } = kiosk;
	await page.clock.install();
	const ears = await listenTo(page);
	await page.goto('/kiosk');
	await expect(page.locator('h1:focus')).toBeVisible();
	await page.keyboard.type(kiosk.code);
	await page.keyboard.press('Enter');
	await expect(page.locator('.steps')).toBeVisible();
	await kiosk.release('player');
	await kiosk.set({ playing: calls[1] });
	await page.reload();
	await expect(page.locator('h1:focus')).toBeVisible();
	return { ...kiosk, ears };
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const banner = (page: Page) => page.locator('.banner');
const question = (page: Page) => page.getByRole('dialog', { name: 'Oletko vielä paikalla?' });

async function play({ page, ears }: Kiosk): Promise<void> {
	await button(page, 'Kuuntele').click();
	await expect.poll(() => ears.level()).toBeGreaterThan(0.01);
}

/** Time goes by for everybody. */
async function later({ page }: Kiosk, milliseconds: number): Promise<void> {
	serving.clock.aheadMs += milliseconds;
	await page.clock.fastForward(milliseconds);
}

/** What became of the visit, when it has ended. */
async function ended({ appointment }: Kiosk): Promise<unknown> {
	const [visit] = await (
		await serving.superuser()
	)
		.collection('visits')
		.getFullList({ filter: `appointment = "${appointment}"` });
	return visit?.['state'] === 'ended' ? visit['ended_why'] : visit?.['state'];
}

/** What the log says happened at this kiosk, oldest first. */
async function told({ kiosk }: Kiosk, ...actions: string[]): Promise<string[]> {
	const lines = await serving.register.accessLog.read({ limit: 100, where: { kiosk } });
	return lines
		.filter(({ action }) => actions.includes(action))
		.map(({ action, reason }) => (reason ? `${action}: ${reason}` : action))
		.reverse();
}

async function atTheWelcome(page: Page): Promise<void> {
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Tervetuloa', { timeout: 20_000 });
}

test('the hour’s end is told five minutes before, the contact person gives more, and then it is over', async ({
	browser
}) => {
	const kiosk = await listening(browser, { minutes: 7 });
	const { page, ears } = kiosk;
	const desk = await openPage(browser, serving.origin, { width: 1366, height: 768 });
	await signIn(desk.page, 'contact');
	await desk.page.goto('/console/today');

	await later(kiosk, 1.5 * minute);
	await expect(banner(page)).toHaveText('');
	await page.keyboard.press('Shift');
	await later(kiosk, minute);
	await expect(banner(page)).toContainText('Aikaa on jäljellä 5 minuuttia');
	await button(desk.page, 'Anna 15 min lisää').click();
	await expect(banner(page)).toHaveText('');
	expect(await told(kiosk, 'extend_visit')).toEqual(['extend_visit']);

	// Somebody listens on: the end is told above the player, and comes all the same.
	await play(kiosk);
	await later(kiosk, 14.8 * minute);
	await expect(banner(page)).toContainText('Aikaa on jäljellä 5 minuuttia');
	await expect(question(page)).toHaveCount(0);
	await later(kiosk, 4 * minute);
	await expect(banner(page)).toContainText('enää minuutti');
	await later(kiosk, 50_000);
	await expect(page.locator('.cover')).toHaveText('Varattu aika on päättynyt. Kiitos käynnistäsi!');
	expect(await page.evaluate(() => window.ears.element?.paused)).toBe(true);
	await expect.poll(() => ears.level()).toBeLessThan(0.001);
	await atTheWelcome(page);
	expect(await ended(kiosk)).toBe('slot_over');
	expect((await told(kiosk, 'listen_end', 'end_visit')).join()).toMatch(
		/^listen_end: (slot|hour)_over,end_visit: slot_over$/
	);
	// The player's last word came after the end.
	kiosk.mustBeQuiet(/410 \(Gone\)/);
	await Promise.all([page.close(), desk.page.close()]);
});

test('the hour is the server’s: a kiosk whose clock stands still is silent at its end, one that is set right goes on', async ({
	browser
}) => {
	const kiosk = await listening(browser);
	const { page, ears } = kiosk;
	await play(kiosk);
	await page.clock.setSystemTime(Date.now() + 5 * 60 * minute);
	// Long enough for every watch that looks once a second.
	await page.waitForTimeout(2500);
	expect(await ears.level()).toBeGreaterThan(0.01);
	await expect(banner(page)).toHaveText('');
	serving.clock.aheadMs += 31 * minute;
	await expect(page.locator('.cover')).toBeVisible();
	await expect.poll(() => ears.level()).toBeLessThan(0.001);
	await atTheWelcome(page);
	expect(await ended(kiosk)).toBe('slot_over');
	await page.close();
});

test('whoever is silent is asked with a sound, ten times, and then the screen is neutral again', async ({
	browser
}) => {
	const kiosk = await listening(browser);
	const { page, ears } = kiosk;
	await later(kiosk, 1.9 * minute);
	await expect(question(page)).toHaveCount(0);
	await later(kiosk, 0.2 * minute);
	await expect(question(page)).toBeVisible();
	await expect.poll(() => ears.level()).toBeGreaterThan(0.01);
	const left = async () => Number(/\d+/.exec(await page.getByRole('timer').innerText())?.[0]);
	expect(await left()).toBeLessThanOrEqual(55);
	await later(kiosk, 20_000);
	expect(await left()).toBeLessThanOrEqual(35);
	for (let stays = 0; stays < 10; stays++) {
		await button(page, 'Jatkan vielä').click();
		await expect(question(page)).toHaveCount(0);
		await page.clock.fastForward(2.1 * minute);
		await expect(question(page)).toBeVisible();
	}
	await expect(button(page, 'Jatkan vielä')).toHaveCount(0);
	await page.clock.fastForward(minute);
	await expect(page.locator('.cover')).toHaveText('Käynti päättyi, koska näyttöä ei käytetty.');
	await atTheWelcome(page);
	expect(await ended(kiosk)).toBe('idle');
	expect(await told(kiosk, 'end_visit')).toEqual(['end_visit: idle']);
	kiosk.mustBeQuiet();
	await page.close();
});

test('whoever listens is not asked whether they are there, however long', async ({ browser }) => {
	const kiosk = await listening(browser, { minutes: 300 });
	const { page } = kiosk;
	await play(kiosk);
	for (let times = 0; times < 3; times++) {
		await page.clock.fastForward(2.9 * minute);
		await expect(question(page)).toHaveCount(0);
		await expect(button(page, 'Tauko')).toBeVisible();
	}
	await button(page, 'Tauko').click();
	await page.clock.fastForward(2.1 * minute);
	await expect(question(page)).toBeVisible();
	await button(page, 'Lopeta käynti').click();
	await atTheWelcome(page);
	expect(await ended(kiosk)).toBe('customer');
	kiosk.mustBeQuiet();
	await page.close();
});

test('what the browser still has of a listening that has ended is not heard: it is asked for anew, and the log has it', async ({
	browser
}) => {
	const kiosk = await listening(browser);
	const { page, ears, kiosk: id } = kiosk;
	const { register } = serving;
	await play(kiosk);
	await button(page, 'Tauko').click();
	await expect.poll(() => ears.level()).toBeLessThan(0.001);
	await register.listenings.end(register, { kiosk: id }, 'idle');

	// While the log cannot be written there is no sound of it either.
	const log = path.join(serving.data, 'access-log');
	await rename(log, `${log}-away`);
	await button(page, 'Kuuntele').click();
	await expect(button(page, 'Yritä uudelleen')).toBeVisible();
	expect(await ears.level()).toBe(0);
	await rename(`${log}-away`, log);
	await button(page, 'Yritä uudelleen').click();
	await expect.poll(() => ears.level()).toBeGreaterThan(0.01);
	const lines = ['listen_begin', 'listen_end: idle', 'listen_begin'];
	expect(await told(kiosk, 'listen_begin', 'listen_end')).toEqual(lines);

	// In the middle of the sound it is noticed by the next word from the server.
	await register.listenings.end(register, { kiosk: id }, 'kiosk_lost');
	lines.push('listen_end: kiosk_lost', 'listen_begin');
	await expect.poll(() => told(kiosk, 'listen_begin', 'listen_end')).toEqual(lines);
	await expect.poll(() => ears.level()).toBeGreaterThan(0.01);
	await button(page, 'Tauko').click();
	await button(page, 'Kuuntele').click();
	await expect.poll(() => ears.level()).toBeGreaterThan(0.01);
	expect(await told(kiosk, 'listen_begin', 'listen_end')).toEqual(lines);
	await page.close();
});

// The last one: the database does not come back.
test('a kiosk whose server has lost its database says so calmly in every language', async ({ browser }) => {
	const { page } = await atTheKiosk(browser, serving, calls);
	await serving.loseDatabase();
	for (const [language, words] of [
		['fi', 'ei ole juuri nyt käytössä'],
		['sv', 'inte i bruk'],
		['en', 'not in use']
	] as const) {
		const url = serving.origin.replace('http:', 'https:');
		await page.context().addCookies([{ name: '__Host-language', value: language, url, secure: true }]);
		await page.goto('/kiosk');
		for (const size of [
			{ width: 1080, height: 1920 },
			{ width: 1920, height: 1080 }
		]) {
			await page.setViewportSize(size);
			await expect(page.getByRole('heading', { level: 1 })).toContainText(words);
			expect([...(await pictureFaults(page, { mmPerCssPx: 0.2646 })), ...(await axeFinds(page))]).toEqual([]);
		}
	}
	await page.close();
});
