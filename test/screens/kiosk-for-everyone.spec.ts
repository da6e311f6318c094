import { rename } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type Page, type Request } from '@playwright/test';
import { atTheKiosk, takeInCalls, type AtTheKiosk } from '../support/at-the-kiosk.ts';
import { openPage, signIn } from '../support/browsing.ts';
import { axeFinds, pictureFaults } from '../support/on-the-screen.ts';
import { furnish } from '../support/people.ts';
import type { Proxy } from '../support/proxy.ts';
import type { Serving } from '../support/serving.ts';
import { serveByProxy } from '../support/serving-by-proxy.ts';

// Every screen of a kiosk as everyone may meet it: in three languages, in normal and large text, on a screen that stands
// and on one that lies, and in high contrast. One visit is walked through; each screen is turned and switched where it
// is. With KIOSK_PICTURES, a folder for pictures of them all, axe looks at each of them too.

const mmPerCssPx = 0.2646;
const turns = { upright: { width: 1080, height: 1920 }, lying: { width: 1920, height: 1080 } };
const languages = ['fi', 'sv', 'en'] as const;
const pictures = process.env['KIOSK_PICTURES'];

let proxy: Proxy;
let serving: Serving;
let calls: string[];
test.beforeAll(async () => {
	test.setTimeout(300_000);
	({ proxy, serving } = await serveByProxy(furnish));
	calls = await takeInCalls(serving);
});
test.afterAll(async () => {
	await serving.remove();
	await proxy.close();
});
test.beforeEach(() => test.setTimeout(400_000));

interface Look {
	/** It holds more than a screen and can be moved. */
	scrolls?: boolean;
	/** Brings it back after a change of the language. */
	again?: () => Promise<void>;
	/** It has no head with switches: the languages come by themselves, the size by the switch's effect. */
	headless?: boolean;
	/** In which languages. */
	spoken?: readonly string[];
}

/** Looks at screens, and keeps what is wrong with them. */
class Eyes {
	readonly wrong: string[] = [];
	readonly #page: Page;

	constructor(page: Page) {
		this.#page = page;
	}

	/** Looks at the screen that the page shows, from all sides; leaves it in Finnish, upright, in normal text. */
	async lookAt(
		name: string,
		{ scrolls = false, again, headless = false, spoken = languages }: Look = {}
	): Promise<void> {
		const page = this.#page;
		for (const language of spoken) {
			if (!headless) await this.#press(language);
			for (const [turn, size] of Object.entries(turns)) {
				await page.setViewportSize(size);
				for (const dress of ['', 'large', 'contrast'] as const) {
					const isFirst = language === spoken[0];
					if (dress === 'contrast' && !isFirst) continue;
					await this.#wear(dress, headless);
					await again?.();
					const what = `${name}-${turn}-${dress || 'normal'}-${language}`;
					const faults = await pictureFaults(page, { mmPerCssPx, scrolls });
					// Axe sees the same in another language, but for the language itself: one look at each of the others is enough.
					if (isFirst || (turn === 'upright' && !dress) || pictures) faults.push(...(await axeFinds(page)));
					this.wrong.push(...faults.map((fault) => `${what}: ${fault}`));
					if (pictures) await page.screenshot({ path: path.join(pictures, `${what}.png`) });
				}
				await this.#wear('', headless);
			}
		}
		if (!headless) await this.speak('fi');
		await page.setViewportSize(turns.upright);
	}

	/** Until the server knows it too: a page loaded anew before would speak the language of before. */
	async speak(language: string): Promise<void> {
		const isTelling = (request: Request) =>
			request.url().endsWith('?/language') && request.postData() === `language=${language}`;
		const [telling] = await Promise.all([this.#page.waitForRequest(isTelling), this.#press(language)]);
		await telling.response();
	}

	/** By the head's own button, also when a question covers it. */
	async #press(language: string): Promise<void> {
		await this.#page.evaluate(
			(one) => document.querySelector<HTMLElement>(`header button[lang=${one}]`)?.click(),
			language
		);
		await expect(this.#page.locator('html')).toHaveAttribute('lang', language);
	}

	/** Puts it on alone, by the head's own buttons where there is a head, and waits until it is drawn. */
	async #wear(dress: '' | 'large' | 'contrast', headless: boolean): Promise<void> {
		await this.#page.evaluate(
			async ({ dress, headless }) => {
				const kiosk = document.querySelector('.kiosk');
				const buttons = document.querySelectorAll<HTMLElement>('header .group:last-child button');
				for (const [index, one] of ['large', 'contrast'].entries()) {
					if (kiosk?.classList.contains(one) === (one === dress)) continue;
					if (headless) kiosk?.classList.toggle(one);
					else buttons[index]?.click();
				}
				await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
			},
			{ dress, headless }
		);
	}
}

const h1 = (page: Page) => page.getByRole('heading', { level: 1 });
const button = (page: Page, name: string | RegExp) =>
	page.getByRole('button', { name, exact: typeof name === 'string' });

/** Loads the page anew, until it can be pressed. */
async function anew(page: Page): Promise<void> {
	await page.reload();
	await expect(page.locator('h1:focus')).toBeVisible();
}

async function typeCode(page: Page, code: string): Promise<void> {
	await page.keyboard.type(code);
	await page.keyboard.press('Enter');
}

test('a device that is no kiosk yet', async ({ browser }) => {
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, turns.upright);
	const eyes = new Eyes(page);
	await page.goto('/kiosk');
	await eyes.lookAt('unpaired');
	await button(page, 'Näytä koodi').click();
	await expect(page.locator('.code')).toBeVisible();
	await eyes.lookAt('pairing');
	expect(eyes.wrong).toEqual([]);
	mustBeQuiet();
	await page.close();
});

test('a whole visit', async ({ browser }) => {
	const kiosk = await atTheKiosk(browser, serving, calls);
	const { page } = kiosk;
	const eyes = new Eyes(page);
	await page.clock.install();
	await page.goto('/kiosk');
	await expect(h1(page)).toContainText('Tervetuloa');
	await eyes.lookAt('attract');
	await button(page, 'Kirjoita koodi').click();
	await eyes.lookAt('code');
	await typeCode(page, 'WWWW2345W');
	await expect(page.getByRole('alert')).toContainText('ei voi nyt käyttää');
	await page.getByLabel('Koodi').fill('WWWW2345W');
	await eyes.lookAt('code-wrong');
	await page.getByLabel('Koodi').fill('');
	await typeCode(page, kiosk.code);
	await expect(h1(page)).toContainText('löysimme varauksesi');
	await eyes.lookAt('waiting');
	await button(page, 'Kutsu henkilökunta').click();
	await expect(page.locator('.called')).toContainText('on kutsuttu');
	await eyes.lookAt('called');
	await kiosk.set({ called: '' });
	await eyes.speak('sv');
	await expect(page.locator('.called')).toContainText('på väg');
	await eyes.lookAt('coming');

	await kiosk.release();
	await eyes.speak('sv');
	await expect(h1(page)).toHaveText('Innan du lyssnar');
	await eyes.lookAt('notice');
	await button(page, 'Lue koko seloste').click();
	await eyes.lookAt('notice-full', { scrolls: true });
	await button(page, 'Takaisin').click();
	await button(page, 'Jatka').click();
	await eyes.lookAt('headset');
	await button(page, 'Soita koeääni').click();
	await eyes.lookAt('headset-played');
	await button(page, 'En kuule').click();
	for (let louder = 0; louder < 2; louder++) await button(page, 'En kuule').click();
	await button(page, 'Tarvitsen puhelun tekstinä').click();
	await expect(button(page, 'Jatka ilman ääntä')).toBeVisible();
	await eyes.lookAt('headset-unheard');
	await button(page, 'Kuulen äänen').click();
	await expect(h1(page)).toContainText('2 puhelua');
	await eyes.lookAt('list');
	await page.getByRole('listitem').getByRole('button').last().click();
	await expect(page.getByRole('slider')).toBeVisible();
	await eyes.lookAt('player');
	await button(page, 'Äänen säädöt').click();
	await eyes.lookAt('tuning');
	await button(page, 'Valmis').click();
	await button(page, 'Kuuntele').click();
	await expect(button(page, 'Tauko')).toBeVisible();
	await eyes.lookAt('playing');
	await button(page, 'Tauko').click();
	await button(page, 'Tämä ei ole minun puheluni').click();
	await eyes.lookAt('not-mine');
	await button(page, 'On minun, palaa').click();

	// Nobody is there, so it seems; and at last there is no more to be asked.
	await page.clock.fastForward(125_000);
	await expect(page.getByRole('timer')).toBeVisible();
	await eyes.lookAt('still-there');
	for (let stays = 0; stays < 10; stays++) {
		if (stays > 0) await page.clock.fastForward(125_000);
		await button(page, 'Jatkan vielä').click();
		await expect(page.getByRole('timer')).toHaveCount(0);
	}
	await page.clock.fastForward(125_000);
	await expect(page.getByRole('timer')).toBeVisible();
	await expect(button(page, 'Jatkan vielä')).toHaveCount(0);
	await eyes.lookAt('still-there-last');
	await anew(page);

	// The hour's last minutes, told above each screen.
	await kiosk.set({ ends: new Date(Date.now() + 4.5 * 60_000).toISOString() });
	await eyes.speak('sv');
	await expect(page.locator('.banner')).toContainText('minuter');
	await eyes.lookAt('player-hour-ends');
	await kiosk.set({ ends: new Date(Date.now() + 55 * 60_000).toISOString() });
	await eyes.speak('sv');
	await expect(page.locator('.banner')).toHaveText('');
	await eyes.speak('fi');
	await button(page, 'Olen valmis').click();
	await expect(h1(page)).toHaveText('Kiitos käynnistäsi');
	await eyes.lookAt('leaving');
	for (const wish of ['Haluan kopion', 'Tiedoissa on virhe', 'Haluan keskustella']) {
		await page.getByRole('button', { name: wish }).click();
		await expect(page.getByRole('button', { name: wish })).toContainText('Kirjattu');
	}
	await eyes.lookAt('leaving-noted');
	await kiosk.set({ state: 'list', recordings: [] });
	await anew(page);
	await expect(h1(page)).toContainText('0 puhelua');
	await eyes.lookAt('list-none');
	await button(page, 'Lopeta').click();
	await expect(h1(page)).toContainText('Tervetuloa');

	for (let wrong = 0; wrong < 6; wrong++) {
		await typeCode(page, 'WWWW2345W');
		await expect(page.getByRole('alert')).not.toBeEmpty();
	}
	await expect(page.getByRole('alert')).toContainText('monta kertaa');
	await eyes.lookAt('code-locked');
	kiosk.mustBeQuiet();
	expect(eyes.wrong).toEqual([]);
	await page.close();
});

/** A visitor in the list of their calls, in a browser whose time can be moved on. */
async function inTheList(page: Page, kiosk: AtTheKiosk): Promise<void> {
	await page.clock.install();
	await page.goto('/kiosk');
	await expect(page.locator('h1:focus')).toBeVisible();
	await typeCode(page, kiosk.code);
	await expect(h1(page)).toContainText('löysimme varauksesi');
	await kiosk.release('list');
	await anew(page);
}

test('how a visit parts', async ({ browser }) => {
	const kiosk = await atTheKiosk(browser, serving, calls);
	const { page } = kiosk;
	const eyes = new Eyes(page);
	await inTheList(page, kiosk);
	// What covers the screen stays, as long as the server has not heard that it is over.
	const leaving = /\?\/leave/;
	await page.route(leaving, () => undefined);
	const cover = page.locator('.cover');
	const soon = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();
	const partings: Record<string, () => Promise<void>> = {
		customer: () => page.locator('footer .end').click(),
		idle: async () => {
			await page.clock.fastForward(125_000);
			await expect(page.getByRole('timer')).toBeVisible();
			await page.clock.fastForward(61_000);
		},
		slot_over: async () => {
			await kiosk.set({ ends: soon(60_000) });
			await anew(page);
			await page.clock.fastForward(61_000);
			await kiosk.set({ ends: soon(3600_000) });
		}
	};
	for (const language of languages) {
		for (const [name, part] of Object.entries(partings)) {
			await eyes.speak(language);
			await part();
			await expect(cover).toBeVisible();
			await eyes.lookAt(`cover-${name}`, { headless: true, spoken: [language] });
			await page.goto('/kiosk');
			await expect(page.locator('h1:focus')).toBeVisible();
		}
	}
	await page.unroute(leaving);
	await kiosk.set({ state: 'ended' });
	await page.close();

	for (const language of languages) {
		const other = await atTheKiosk(browser, serving, calls);
		const seen = new Eyes(other.page);
		await inTheList(other.page, other);
		await seen.speak(language);
		await other.page.route(leaving, () => undefined);
		await other.set({ state: 'ended' });
		await other.page.evaluate(() => document.querySelector<HTMLElement>('footer .staff')?.click());
		await expect(other.page.locator('.cover')).toBeVisible();
		await seen.lookAt('cover-elsewhere', { headless: true, spoken: [language] });
		eyes.wrong.push(...seen.wrong);
		await other.page.close();
	}
	expect(eyes.wrong).toEqual([]);
});

test('what does not work just now', async ({ browser }) => {
	const kiosk = await atTheKiosk(browser, serving, calls);
	const { page } = kiosk;
	const eyes = new Eyes(page);
	await inTheList(page, kiosk);
	const log = path.join(serving.data, 'access-log');
	await rename(log, `${log}-away`);
	await eyes.lookAt('failed', {
		again: async () => {
			await page.locator('footer .staff').click();
			await expect(page.locator('.banner')).not.toBeEmpty();
		}
	});
	await rename(`${log}-away`, log);
	await page.getByRole('listitem').getByRole('button').last().click();
	await expect(page.getByRole('slider')).toBeVisible();
	await rename(log, `${log}-away`);
	await button(page, 'Kuuntele').click();
	await expect(button(page, 'Yritä uudelleen')).toBeVisible();
	await eyes.lookAt('player-failed');
	await rename(`${log}-away`, log);
	proxy.cut();
	await expect(page.getByRole('alert')).toContainText('hetken poikki', { timeout: 20_000 });
	await eyes.lookAt('player-lost');
	proxy.open();
	await expect(page.getByRole('slider')).toBeVisible({ timeout: 20_000 });
	await button(page, 'Takaisin').click();
	await expect(page.getByRole('listitem')).toHaveCount(2);
	proxy.cut();
	await expect(page.locator('.banner')).toContainText('hetken poikki', { timeout: 20_000 });
	await eyes.lookAt('lost');
	proxy.open();
	expect(eyes.wrong).toEqual([]);
	kiosk.mustBeQuiet(/Failed to load resource/);
	await page.close();
});

test('the measuring of the screen', async ({ browser }) => {
	const kiosk = await atTheKiosk(browser, serving, calls);
	const { page } = kiosk;
	const eyes = new Eyes(page);
	await page.goto('/kiosk');
	await expect(page.locator('h1:focus')).toBeVisible();
	const desk = await openPage(browser, serving.origin, { width: 1366, height: 768 });
	await signIn(desk.page, 'maintainer');
	await desk.page.goto('/console/kiosks');
	const { name } = await (await serving.superuser()).collection('kiosks').getOne(kiosk.kiosk);
	await button(desk.page, `Mittaa näyttö: ${name}`).click();
	await expect(h1(page)).toHaveText('Mittaa näyttö pankkikortilla');
	await eyes.lookAt('calibrate');
	expect(eyes.wrong).toEqual([]);
	kiosk.mustBeQuiet();
	await Promise.all([page.close(), desk.page.close()]);
});
