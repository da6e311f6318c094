import { expect, test, type Page } from '@playwright/test';
import { atTheKiosk, takeInCalls } from '../support/at-the-kiosk.ts';
import { listenTo } from '../support/ears.ts';
import { furnish } from '../support/people.ts';
import { serve, type Serving } from '../support/serving.ts';

// Before a visit there is nothing of anybody on the kiosk, and after it there is nothing of anybody again.

let serving: Serving;
let calls: string[];
test.beforeAll(async () => {
	test.setTimeout(300_000);
	serving = await serve(furnish);
	calls = await takeInCalls(serving);
});
test.afterAll(() => serving.remove());
test.beforeEach(() => test.setTimeout(300_000));

/** All that a page shows and keeps, as one text. */
async function allOf(page: Page): Promise<string> {
	return page.evaluate(async () =>
		JSON.stringify([
			document.documentElement.outerHTML,
			document.title,
			location.href,
			history.state,
			document.cookie,
			{ ...localStorage },
			{ ...sessionStorage },
			await indexedDB.databases(),
			await caches.keys()
		])
	);
}

const alive = async (page: Page): Promise<void> => expect(page.locator('h1:focus')).toBeVisible();
const stored = (page: Page): Promise<unknown> =>
	page.evaluate(async () => [
		localStorage.length,
		sessionStorage.length,
		(await indexedDB.databases()).length,
		(await caches.keys()).length,
		(await navigator.serviceWorker.getRegistrations()).length
	]);

/** Nothing of the customer: name, number, way to reach them, code, ids of what is theirs. */
async function mustSayNothing(page: Page, ofThem: string[]): Promise<void> {
	const all = await allOf(page);
	for (const one of ['Testi Asiakas', 'Leila', 'esimerkki.example', '***', ...ofThem])
		expect(all, one).not.toContain(one);
	expect(await stored(page)).toEqual([0, 0, 0, 0, 0]);
}

/** Goes on by Tab alone until what has the focus is named so, and presses it. */
async function byKeyboard(page: Page, name: RegExp, key = 'Enter'): Promise<void> {
	for (let tab = 0; tab < 60; tab++) {
		await page.keyboard.press('Tab');
		const focused = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
		if (name.test(focused)) return page.keyboard.press(key);
	}
	throw new Error(`no way to ${name} by keyboard`);
}

test('the whole way by keyboard alone, from the welcome that knows nobody; no sound is asked for before it is played', async ({
	browser
}) => {
	const kiosk = await atTheKiosk(browser, serving, calls);
	const { page } = kiosk;
	const sounds: string[] = [];
	page.on('request', (request) => {
		if (request.url().includes('/audio/')) sounds.push(request.url());
	});
	const ears = await listenTo(page);
	const heading = page.getByRole('heading', { level: 1 });
	await page.goto('/kiosk');
	await alive(page);
	await mustSayNothing(page, [kiosk.code, kiosk.appointment, ...calls]);

	await byKeyboard(page, /^Kirjoita koodi$/);
	await page.keyboard.type(kiosk.code);
	await page.keyboard.press('Enter');
	await expect(heading).toContainText('löysimme varauksesi');
	await kiosk.release();
	await page.goto('/kiosk');
	await alive(page);
	await byKeyboard(page, /^Lue koko seloste$/);
	await expect(heading).toContainText('rekisteri');
	await byKeyboard(page, /^Takaisin$/);
	await byKeyboard(page, /^Jatka$/);
	await expect(heading).toHaveText('Kokeile kuulokkeita');
	await byKeyboard(page, /^Soita koeääni$/, 'Space');
	await byKeyboard(page, /^Kuulen äänen$/);
	await expect(heading).toContainText('2 puhelua');
	await expect(heading).toBeFocused();
	await byKeyboard(page, /Kuuntele$/);
	await expect(page.getByRole('slider')).toBeVisible();
	await expect(heading).toBeFocused();
	expect(sounds).toEqual([]);
	await byKeyboard(page, /^Kuuntele$/, 'Space');
	await expect.poll(() => ears.level()).toBeGreaterThan(0.01);
	expect(sounds.length).toBeGreaterThan(0);
	await byKeyboard(page, /^Tarvitsen tämän tekstinä$/);
	await expect(page.locator('.noted')).toHaveText('Tekstipyyntö on kirjattu');
	// The button went; whoever works by keyboard is still on the screen.
	await expect(heading).toBeFocused();
	await byKeyboard(page, /^Olen valmis$/);
	await expect(heading).toHaveText('Kiitos käynnistäsi');
	await byKeyboard(page, /^Haluan kopion/);
	await byKeyboard(page, /^Lopeta käynti$/);
	await expect(heading).toContainText('Tervetuloa');
	await alive(page);
	await mustSayNothing(page, [kiosk.code, kiosk.appointment, ...calls]);
	kiosk.mustBeQuiet();
	await page.close();
});

test('at the end the sound is off and the screen covered in the same moment, and nothing is left behind', async ({
	browser
}) => {
	const kiosk = await atTheKiosk(browser, serving, calls);
	const { page } = kiosk;
	const ears = await listenTo(page);
	await page.goto('/kiosk');
	await alive(page);
	await page.keyboard.type(kiosk.code);
	await page.keyboard.press('Enter');
	await expect(page.locator('.steps')).toBeVisible();
	await kiosk.release('player');
	await kiosk.set({ playing: calls[1] });
	await page.goto('/kiosk');
	await alive(page);
	await page.locator('header button[lang=en]').click();
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');
	for (const name of ['Large text', 'Contrast', 'No motion']) await page.getByRole('button', { name }).click();
	for (let step = 0; step < 3; step++) await page.getByRole('button', { name: 'Louder' }).click();
	// A page that is loaded anew in the middle of a visit looks as its visitor left it.
	const level = page.getByText(/^9\D+10$/);
	await expect(level).toBeAttached();
	await expect
		.poll(async () => (await page.context().cookies()).find(({ name }) => name === '__Host-dress')?.value)
		.toBe('large%3Dtrue%26contrast%3Dtrue%26still%3Dtrue%26volume%3D9');
	await page.reload();
	await alive(page);
	await expect(page.locator('.kiosk')).toHaveClass(/large contrast still/);
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');
	await expect(level).toBeAttached();
	await page.locator('button.play').click();
	await expect.poll(() => ears.level()).toBeGreaterThan(0.01);
	const address = await page.evaluate(() => window.ears.element?.src ?? '');
	expect(address).toContain('/audio/');

	const end = await page.evaluate(async () => {
		const { element } = window.ears;
		const began = performance.now();
		document.querySelector<HTMLElement>('footer .end')?.click();
		const silentAtOnce = element?.paused;
		// One turn of the page's own loop: whatever the machine does meanwhile, nothing else is drawn before.
		await new Promise((resolve) => setTimeout(resolve));
		const cover = document.querySelector('.cover');
		return {
			silentAtOnce,
			covered: cover !== null && document.querySelectorAll('.kiosk > *').length === 1,
			milliseconds: performance.now() - began
		};
	});
	test.info().annotations.push({ type: 'ms', description: String(end.milliseconds) });
	expect(end).toMatchObject({ silentAtOnce: true, covered: true });

	const heading = page.getByRole('heading', { level: 1 });
	await expect(heading).toContainText('Tervetuloa');
	await alive(page);
	expect(await page.evaluate(() => scrollX + scrollY)).toBe(0);
	await mustSayNothing(page, [kiosk.code, kiosk.appointment, ...calls]);
	// Defaults again, and still a kiosk.
	await expect(page.locator('html')).toHaveAttribute('lang', 'fi');
	expect(await page.locator('.kiosk').getAttribute('class')).not.toMatch(/large|contrast|still/);
	expect((await page.context().cookies()).map(({ name }) => name)).toEqual(['__Host-kiosk']);

	// The address of the sound gives nothing; the best of three counts, for the machine may be busy.
	const refused: number[] = [];
	for (let go = 0; go < 3; go++) {
		refused.push(
			await page.evaluate(async (url) => {
				const began = performance.now();
				const sound = new Audio(url);
				await new Promise((resolve, reject) => {
					sound.onerror = resolve;
					sound.onloadeddata = () => reject(new Error('it sounds'));
				});
				return performance.now() - began;
			}, address)
		);
	}
	expect(Math.min(...refused)).toBeLessThan(1000);

	// Back, forth, anew, and as another tab: the welcome, or nothing at all.
	for (const way of [() => page.goBack(), () => page.goForward(), () => page.reload()]) {
		await way().catch(() => undefined);
		if (!page.url().startsWith(serving.origin)) await page.goto('/kiosk');
		await expect(heading).toContainText('Tervetuloa');
		await alive(page);
		await mustSayNothing(page, [kiosk.code, kiosk.appointment, ...calls]);
	}
	const restored = await page.context().newPage();
	await restored.goto('/kiosk');
	await alive(restored);
	await mustSayNothing(restored, [kiosk.code, kiosk.appointment, ...calls]);
	await restored.close();
	await page.close();
});

test('a press counts on the next screen, though the answer to the press before is still on its way', async ({
	browser
}) => {
	const { page, mustBeQuiet, code, visit, release } = await atTheKiosk(browser, serving, calls);
	// The news come at once, the answers late: the next screen is there before the press before is answered.
	await page.addInitScript(() => {
		const ask = window.fetch;
		window.fetch = async (...asked) => {
			const answer = await ask(...asked);
			if (String(asked[0]).includes('?/step')) await new Promise((resolve) => setTimeout(resolve, 2000));
			return answer;
		};
	});
	await page.goto('/kiosk');
	await alive(page);
	await page.keyboard.type(code);
	await page.keyboard.press('Enter');
	await expect.poll(visit).toBeTruthy();
	await release('notice');
	await page.goto('/kiosk');
	await alive(page);
	await page.getByRole('button', { name: 'Jatka', exact: true }).click();
	await page.getByRole('button', { name: 'Takaisin', exact: true }).click();
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Ennen kuin kuuntelet');
	mustBeQuiet();
	await page.context().close();
});
