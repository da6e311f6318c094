import path from 'node:path';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { read } from '#access-log/reading.ts';
import { atThePlayer, type AtThePlayer } from '../support/at-the-player.ts';
import { becomeKiosk } from '../support/browsing.ts';
import { furnish } from '../support/people.ts';
import type { Proxy } from '../support/proxy.ts';
import type { Serving } from '../support/serving.ts';
import { serveByProxy } from '../support/serving-by-proxy.ts';

// What befalls a kiosk in the middle of a listening, on a line that the tests can cut: a calm word, and then on from the
// same second by one press, with the gap in the log.

let proxy: Proxy;
let serving: Serving;
test.beforeAll(async () => {
	({ proxy, serving } = await serveByProxy(furnish));
});
test.afterEach(() => {
	proxy.change(undefined);
	proxy.open();
});
test.afterAll(async () => {
	await serving.remove();
	await proxy.close();
});

interface Kiosk extends AtThePlayer {
	page: Page;
}

/** A kiosk whose visitor listens to a call of a minute, fourteen seconds in. */
async function listening(browser: Browser, { seconds = 60 } = {}): Promise<Kiosk> {
	const visit = await atThePlayer(serving, { seconds });
	const page = await openKiosk(browser, visit);
	await page.getByRole('slider').press('PageUp');
	await button(page, 'Kuuntele').click();
	await expect(page.getByRole('slider')).toHaveAttribute('aria-valuetext', /^1[2-9] sekuntia/);
	return { ...visit, page };
}

async function openKiosk(browser: Browser, { secret }: AtThePlayer): Promise<Page> {
	const context = await browser.newContext({ viewport: { width: 1080, height: 1920 }, locale: 'fi-FI' });
	await becomeKiosk(context, proxy.origin, secret);
	const page = await context.newPage();
	await page.goto(`${proxy.origin}/kiosk`);
	return page;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const calmly = (page: Page) => page.getByRole('alert').filter({ hasText: 'Yhteys on hetken poikki' });

/** Seconds into the call, as the player says. */
async function place(page: Page): Promise<number> {
	return Number(await page.getByRole('slider').inputValue());
}

/** Goes on by one press, from the second where it was. */
async function goesOn(page: Page, where: number): Promise<void> {
	await expect(button(page, 'Kuuntele')).toBeVisible({ timeout: 20_000 });
	expect(Math.abs((await place(page)) - where)).toBeLessThan(2);
	await button(page, 'Kuuntele').click();
	await expect.poll(() => place(page)).toBeGreaterThan(where + 1);
	await expect(button(page, 'Tauko')).toBeVisible();
}

/** What the log says of this visit's listening, oldest first: `listen_begin`, `listen_end: why`. */
function listened({ visit }: AtThePlayer): string[] {
	return read(path.join(serving.data, 'access-log'), { limit: 1000, where: { visit } })
		.filter(({ action }) => action === 'listen_begin' || action === 'listen_end')
		.map(({ action, reason }) => (reason ? `${action}: ${reason}` : action))
		.reverse();
}

async function visitNow({ visit }: AtThePlayer): Promise<unknown> {
	return (await (await serving.superuser()).collection('visits').getOne(visit))['state'];
}

test('a plug that is pulled: a calm word within ten seconds, and on from the same second', async ({ browser }) => {
	const kiosk = await listening(browser);
	const { page } = kiosk;
	proxy.swallow();
	const began = Date.now();
	await expect(calmly(page)).toBeVisible({ timeout: 30_000 });
	test.info().annotations.push({ type: 'ms', description: String(Date.now() - began) });
	// It stays silent so long that the server knows that nobody is there.
	await expect.poll(() => listened(kiosk), { timeout: 30_000 }).toEqual(['listen_begin', 'listen_end: kiosk_lost']);
	proxy.open();
	await expect(calmly(page)).toHaveCount(0, { timeout: 20_000 });
	const where = await place(page);
	expect(where).toBeGreaterThan(11);
	await goesOn(page, where);
	expect(listened(kiosk)).toEqual(['listen_begin', 'listen_end: kiosk_lost', 'listen_begin']);
	expect(await visitNow(kiosk)).toBe('player');
});

test('a connection that is cut and comes back at once: it waits, and goes on', async ({ browser }) => {
	const kiosk = await listening(browser);
	const { page } = kiosk;
	proxy.cut();
	await expect(calmly(page)).toBeVisible();
	proxy.open();
	await expect(calmly(page)).toHaveCount(0, { timeout: 20_000 });
	await goesOn(page, await place(page));
	expect(await visitNow(kiosk)).toBe('player');
	expect(listened(kiosk).at(0)).toBe('listen_begin');
});

for (const [how, signal, why] of [
	['is stopped', 'SIGTERM', 'server_stopped'],
	['is killed', 'SIGKILL', 'server_lost']
] as const) {
	test(`a server that ${how} and started again: the log says what ended, and the visit goes on`, async ({
		browser
	}) => {
		const kiosk = await listening(browser);
		const { page } = kiosk;
		await serving.stop(signal);
		await expect(calmly(page)).toBeVisible();
		await serving.again();
		expect(listened(kiosk)).toEqual(['listen_begin', `listen_end: ${why}`]);
		await expect(calmly(page)).toHaveCount(0, { timeout: 20_000 });
		await goesOn(page, await place(page));
		expect(listened(kiosk)).toEqual(['listen_begin', `listen_end: ${why}`, 'listen_begin']);
	});
}

test('a browser that is killed: the next one comes back to the same second, and the log has the gap', async ({
	browser
}) => {
	const { executablePath, args } = test.info().project.use.launchOptions ?? {};
	const kiosks = await chromium.launchServer({ executablePath: executablePath ?? '', args: args ?? [] });
	const kiosk = await listening(await chromium.connect(kiosks.wsEndpoint()));
	const where = await place(kiosk.page);
	await kiosks.kill();
	await expect.poll(() => listened(kiosk), { timeout: 60_000 }).toEqual(['listen_begin', 'listen_end: kiosk_lost']);
	const page = await openKiosk(browser, kiosk);
	await expect(page.getByRole('slider')).toBeVisible();
	const again = await place(page);
	expect(again).toBeGreaterThan(where - 2);
	await goesOn(page, again);
	expect(listened(kiosk)).toEqual(['listen_begin', 'listen_end: kiosk_lost', 'listen_begin']);
	expect(await visitNow(kiosk)).toBe('player');
});

test('a line too slow for sound: nobody waits without end, and one press goes on', async ({ browser }) => {
	const kiosk = await atThePlayer(serving, { seconds: 60 });
	const page = await openKiosk(browser, kiosk);
	// The page is alive, and not only drawn: it has all of itself before the line becomes slow.
	await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
	proxy.slow(300);
	await button(page, 'Kuuntele').click();
	await expect(
		page.getByRole('alert').filter({ hasText: /ei voi juuri nyt toistaa|Yhteys on hetken poikki/ })
	).toBeVisible({ timeout: 30_000 });
	proxy.open();
	await page.getByRole('button', { name: /^(Yritä uudelleen|Kuuntele)$/ }).click({ timeout: 30_000 });
	await expect.poll(() => place(page), { timeout: 20_000 }).toBeGreaterThan(1);
	expect(await visitNow(kiosk)).toBe('player');
});

test('a new version is loaded when nobody is there, and not in a visit', async ({ browser }) => {
	proxy.change((bytes) => {
		// The server says another version, as long as the right one.
		const text = bytes.toString('latin1');
		return Buffer.from(text.replace(/(data: here )\S/, '$1X'), 'latin1');
	});
	const kiosk = await atThePlayer(serving);
	const page = await openKiosk(browser, kiosk);
	await expect(page.getByRole('slider')).toBeVisible();
	await page.evaluate(() => Object.assign(window, { before: true }));
	const isBefore = () => page.evaluate(() => 'before' in window).catch(() => true);
	await page.waitForTimeout(7000);
	expect(await isBefore()).toBe(true);
	await page.getByRole('button', { name: 'Lopeta' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Tervetuloa');
	await page.evaluate(() => Object.assign(window, { before: true }));
	await expect.poll(isBefore, { timeout: 30_000 }).toBe(false);
});
