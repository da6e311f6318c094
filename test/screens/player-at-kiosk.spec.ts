import { expect, test, type Browser, type Page } from '@playwright/test';
import { atThePlayer, type AtThePlayer } from '../support/at-the-player.ts';
import { becomeKiosk, openPage } from '../support/browsing.ts';
import { listenTo, type Ears } from '../support/ears.ts';
import { furnish } from '../support/people.ts';
import { serve, type Serving } from '../support/serving.ts';
import { tones } from '../support/tones.ts';

// The player as a visitor has it: a call of two tones, the customer's of 440 Hz and, 14 dB louder, the clerk's of 1000 Hz.

const seconds = 60;
const upright = { width: 1080, height: 1920 };
let serving: Serving;
test.beforeAll(async () => {
	serving = await serve(furnish);
});
test.afterAll(() => serving.remove());

interface Kiosk extends AtThePlayer {
	page: Page;
	ears: Ears;
	mustBeQuiet: () => void;
}

/** A kiosk whose visitor stands before the player. */
async function arrive(browser: Browser): Promise<Kiosk> {
	const sound = tones(seconds, [
		{ hertz: 440, level: 0.05 },
		{ hertz: 1000, level: 0.25 }
	]);
	const visit = await atThePlayer(serving, { seconds, sound });
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, upright);
	const ears = await listenTo(page);
	await becomeKiosk(page.context(), serving.origin, visit.secret);
	await page.goto('/kiosk');
	// Drawn by the server, and now also what can be pressed.
	await expect(page.locator('h1:focus')).toBeVisible();
	return { ...visit, page, ears, mustBeQuiet };
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function play({ page, ears }: Kiosk): Promise<void> {
	await button(page, 'Kuuntele').click();
	await expect.poll(() => ears.level()).toBeGreaterThan(0.01);
}

/** Points at the middle of the picture of the call; gives the milliseconds until it sounds there. */
function pointAtMiddle(page: Page): Promise<number> {
	return page.evaluate(async () => {
		const lanes = document.querySelector('.lanes');
		const { element } = window.ears;
		if (!lanes || !element) throw new Error('no player');
		const { left, width, top } = lanes.getBoundingClientRect();
		const began = performance.now();
		lanes.dispatchEvent(
			new PointerEvent('pointerdown', { clientX: left + width / 2, clientY: top + 10, bubbles: true })
		);
		while (element.seeking || element.paused || element.readyState < 3 || Math.abs(element.currentTime - 30) > 2) {
			if (performance.now() - began > 10_000) throw new Error('it never came there');
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		return performance.now() - began;
	});
}

/** Pauses the element behind the player's back; gives the milliseconds until the button offers to play. */
function pauseBehindItsBack(page: Page): Promise<number> {
	return page.evaluate(async () => {
		const began = performance.now();
		window.ears.element?.pause();
		while (!document.querySelector('button.play')?.textContent?.includes('Kuuntele')) {
			if (performance.now() - began > 10_000) throw new Error('it never showed');
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		return performance.now() - began;
	});
}

test('a place is reached within half a second, and who else pauses the sound shows at once', async ({ browser }) => {
	const kiosk = await arrive(browser);
	const { page } = kiosk;
	await play(kiosk);

	// The best of three counts: how fast the player is, not how busy the machine.
	const reached: number[] = [];
	const shown: number[] = [];
	for (let go = 0; go < 3; go++) {
		await page.getByRole('slider').press('Home');
		await expect.poll(() => page.evaluate(() => window.ears.element?.currentTime)).toBeLessThan(5);
		reached.push(await pointAtMiddle(page));
		shown.push(await pauseBehindItsBack(page));
		await button(page, 'Kuuntele').click();
		await expect(button(page, 'Tauko')).toBeVisible();
	}
	test.info().annotations.push({ type: 'ms', description: JSON.stringify({ reached, shown }) });
	expect(Math.min(...reached)).toBeLessThan(500);
	expect(Math.min(...shown)).toBeLessThan(300);
	kiosk.mustBeQuiet();
});

test('the slider goes by keys, and says where it is in words of the language', async ({ browser }) => {
	const kiosk = await arrive(browser);
	const { page } = kiosk;
	const slider = page.getByRole('slider', { name: 'Kohta puhelussa' });
	for (const [key, words] of [
		['ArrowRight', '5 sekuntia, kesto 1 minuutti'],
		['PageUp', '15 sekuntia, kesto 1 minuutti'],
		['ArrowLeft', '10 sekuntia, kesto 1 minuutti'],
		['End', '1 minuutti, kesto 1 minuutti'],
		['PageDown', '50 sekuntia, kesto 1 minuutti'],
		['Home', '0 sekuntia, kesto 1 minuutti']
	] as const) {
		await slider.press(key);
		await expect(slider).toHaveAttribute('aria-valuetext', words);
	}
	await slider.press('PageUp');
	await play(kiosk);
	await button(page, 'English').click();
	// The language changes under the sound, which goes on where it is.
	await expect(page.getByRole('slider', { name: 'Place in the call' })).toHaveAttribute(
		'aria-valuetext',
		/^1\d seconds of 1 minute$/
	);
	expect(await kiosk.ears.level()).toBeGreaterThan(0.01);
	await button(page, 'Repeat the last 10 s').click();
	await expect(page.getByRole('slider')).toHaveAttribute('aria-valuetext', /^\d seconds? of 1 minute$/);
	await expect(page.getByRole('status').filter({ hasText: 'Playing' })).toBeVisible();
	kiosk.mustBeQuiet();
});

test('each voice is heard alone, at any speed and volume, while it sounds on', async ({ browser }) => {
	const kiosk = await arrive(browser);
	const { page, ears } = kiosk;
	await play(kiosk);
	await page.waitForTimeout(500);
	const together = { customer: (await ears.tone(440)).left, clerk: (await ears.tone(1000)).left };

	await button(page, 'Äänen säädöt').click();
	await button(page, 'Vain asiakas').click();
	await expect(button(page, 'Vain asiakas')).toHaveAttribute('aria-pressed', 'true');
	await expect.poll(async () => together.clerk - (await ears.tone(1000)).left).toBeGreaterThan(40);
	expect(Math.abs((await ears.tone(440)).right - together.customer)).toBeLessThan(3);
	await button(page, 'Vain asiakaspalvelija').click();
	await expect.poll(async () => together.customer - (await ears.tone(440)).left).toBeGreaterThan(40);
	await button(page, 'Molemmat').click();
	await expect.poll(async () => Math.abs((await ears.tone(440)).left - together.customer)).toBeLessThan(3);
	expect(together.clerk - together.customer).toBeLessThan(7);
	await button(page, 'Kuten tallenteessa').click();
	await expect.poll(async () => (await ears.tone(1000)).left - (await ears.tone(440)).left).toBeGreaterThan(12);
	await button(page, '2×').click();
	await expect.poll(() => page.evaluate(() => window.ears.element?.playbackRate)).toBe(2);
	await button(page, 'Valmis').click();
	await expect(page.getByRole('dialog')).toHaveCount(0);

	const before = (await ears.tone(1000)).left;
	for (let step = 0; step < 5; step++) await button(page, 'Hiljemmalle').click();
	await expect(page.getByText('1 / 10', { exact: true })).toBeAttached();
	await expect(button(page, 'Hiljemmalle')).toBeDisabled();
	// From six steps to one: (6 / 10)² to (1 / 10)², 31 dB.
	await expect.poll(async () => Math.abs(before - (await ears.tone(1000)).left - 31)).toBeLessThan(2);
	kiosk.mustBeQuiet();
});

test('a reload comes back to the same second, paused, and asks for no sound by itself', async ({ browser }) => {
	const kiosk = await arrive(browser);
	const { page, recording } = kiosk;
	await page.getByRole('slider').press('PageUp');
	await play(kiosk);
	await expect(page.getByRole('slider')).toHaveAttribute('aria-valuetext', /^12 sekuntia/);
	const asked: string[] = [];
	page.on('request', (request) => {
		if (request.url().includes(recording)) asked.push(request.url());
	});
	await page.reload();
	await expect(page.getByRole('slider')).toHaveAttribute('aria-valuetext', /^1[123] sekuntia/);
	await expect(button(page, 'Kuuntele')).toBeVisible();
	expect(asked).toEqual([]);
	// Also a place that was only looked for.
	const told = page.waitForResponse(
		(answer) => answer.url().endsWith('/kiosk/moved') && /positionMs=50\d{3}&/.test(answer.request().postData() ?? '')
	);
	await page.getByRole('slider').press('End');
	await page.getByRole('slider').press('PageDown');
	await expect(page.getByRole('slider')).toHaveAttribute('aria-valuetext', /^50 sekuntia/);
	await told;
	await page.reload();
	await expect(page.getByRole('slider')).toHaveAttribute('aria-valuetext', /^50 sekuntia/);
	kiosk.mustBeQuiet();
});

test('a wish for text from the player and every wish at the end stand on the request', async ({ browser }) => {
	const kiosk = await arrive(browser);
	const { page } = kiosk;
	await button(page, 'Tarvitsen tämän tekstinä').click();
	await expect(page.getByText('Tekstipyyntö on kirjattu')).toBeVisible();
	await button(page, 'Olen valmis').click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kiitos käynnistäsi');
	for (const wish of ['Haluan kopion', 'Tiedoissa on virhe', 'Haluan keskustella']) {
		await page.getByRole('button', { name: wish }).click();
		await expect(page.getByRole('button', { name: wish })).toContainText('Kirjattu');
	}
	await expect(page.getByRole('button', { name: 'Tarvitsen puhelun tekstinä' })).toContainText('Kirjattu');
	const superuser = await serving.superuser();
	const { request } = await superuser.collection('visits').getOne(kiosk.visit);
	expect((await superuser.collection('requests').getOne(request))['wishes']).toEqual([
		'text',
		'copy',
		'correction',
		'talk'
	]);
	kiosk.mustBeQuiet();
});

test('"this is not my call" silences it at the first press, and it leaves the request when confirmed', async ({
	browser
}) => {
	const kiosk = await arrive(browser);
	const { page, ears, recording } = kiosk;
	await play(kiosk);
	await button(page, 'Tämä ei ole minun puheluni').click();
	expect(await page.evaluate(() => window.ears.element?.paused)).toBe(true);
	await expect.poll(() => ears.level()).toBeLessThan(0.001);
	await button(page, 'On minun, palaa').click();
	await expect(button(page, 'Kuuntele')).toBeVisible();
	await button(page, 'Tämä ei ole minun puheluni').click();
	await button(page, 'Ei ole minun').click();
	await expect(page.getByRole('slider')).toHaveCount(0);
	const superuser = await serving.superuser();
	const visit = await superuser.collection('visits').getOne(kiosk.visit);
	const request = await superuser.collection('requests').getOne(visit['request']);
	expect([visit['recordings'], request['recordings'], request['not_mine']]).toEqual([[], [], [recording]]);
	expect(visit['called']).not.toBe('');
	kiosk.mustBeQuiet();
});
