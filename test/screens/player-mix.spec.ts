import { expect, test, type Page } from '@playwright/test';
import { listenTo, type Ears } from '../support/ears.ts';
import { serveSoundPage, type SoundPage } from '../support/sound-page.ts';

// What reaches the ears: measured where the page's sound goes out.

let served: SoundPage;
let ears: Ears;
test.beforeAll(async () => {
	served = await serveSoundPage();
});
test.afterAll(() => served.close());

async function play(page: Page, src: string, before?: () => void): Promise<void> {
	ears = await listenTo(page);
	if (before) await page.addInitScript(before);
	await page.goto(served.origin);
	await page.waitForFunction(() => typeof window.open === 'function' && window.Sound);
	await page.evaluate((src) => {
		window.open('ours', src);
		window.heard.play();
	}, src);
	await expect.poll(() => page.evaluate(() => window.heard.position)).toBeGreaterThan(0.1);
}

/** Below this, in dB, there is nothing to hear: what an analyser says of it is its own noise. */
const silence = -90;

/** The tones of both speakers, in dB, once they have settled after a change; the same in both ears. */
async function both(page: Page): Promise<{ customer: number; clerk: number }> {
	await page.waitForTimeout(700);
	const [customer, clerk] = [await ears.tone(440), await ears.tone(1000)];
	for (const { left, right } of [customer, clerk])
		expect(Math.max(left, silence)).toBeCloseTo(Math.max(right, silence), 1);
	return { customer: customer.left, clerk: clerk.left };
}

test('both speakers are heard in both ears, and each alone without the other', async ({ page }) => {
	await play(page, '/audio/two');
	const together = await both(page);
	expect(together.customer).toBeGreaterThan(-40);
	expect(together.clerk).toBeGreaterThan(-40);

	await page.evaluate(() => (window.heard.voices = 'customer'));
	const customer = await both(page);
	expect(Math.abs(customer.customer - together.customer)).toBeLessThan(3);
	expect(together.clerk - customer.clerk).toBeGreaterThan(40);

	await page.evaluate(() => (window.heard.voices = 'clerk'));
	const clerk = await both(page);
	expect(Math.abs(clerk.clerk - together.clerk)).toBeLessThan(3);
	expect(together.customer - clerk.customer).toBeGreaterThan(40);

	await page.evaluate(() => (window.heard.voices = 'both'));
	const again = await both(page);
	expect(again.customer).toBeCloseTo(together.customer, 0);
	expect(again.clerk).toBeCloseTo(together.clerk, 0);
});

test('a customer 30 dB below the clerk comes out within 10 dB of them, unless it is switched off', async ({ page }) => {
	await play(page, '/audio/unequal');
	const evened = await both(page);
	expect(evened.clerk - evened.customer).toBeLessThan(10);
	await page.evaluate(() => (window.heard.evened = false));
	const recorded = await both(page);
	expect(recorded.clerk - recorded.customer).toBeGreaterThan(25);
	expect(recorded.clerk - recorded.customer).toBeLessThan(35);
});

test('two voices at once never go beyond what a headset can give', async ({ page }) => {
	await play(page, '/audio/loud');
	for (const evened of [true, false]) {
		await page.evaluate((evened) => (window.heard.evened = evened), evened);
		await page.waitForTimeout(500);
		expect(await ears.level()).toBeGreaterThan(0.2);
		expect(await ears.level()).toBeLessThan(1);
	}
});

for (const rate of [0.5, 2]) {
	test(`a tone of 880 Hz stays one at ${rate} times the speed`, async ({ page }) => {
		await play(page, '/audio/880');
		await page.evaluate((rate) => (window.heard.rate = rate), rate);
		await page.waitForTimeout(1000);
		const pitch = await ears.pitch();
		expect(Math.abs(pitch - 880)).toBeLessThan(15);
	});
}

test('a lower volume makes both speakers quieter by the same', async ({ page }) => {
	await play(page, '/audio/two');
	const loud = await both(page);
	await page.evaluate(() => (window.heard.volume = 0.25));
	const quiet = await both(page);
	expect(loud.customer - quiet.customer).toBeCloseTo(12, 0);
	expect(loud.clerk - quiet.clerk).toBeCloseTo(12, 0);
});

test('where nothing can be mixed the sound plays as it is', async ({ page }) => {
	await play(page, '/audio/two', () => Object.defineProperty(window, 'AudioContext', { value: undefined }));
	expect(await page.evaluate(() => window.heard.isPlain)).toBe(true);
	await page.evaluate(() => (window.heard.volume = 0.25));
	expect(await page.evaluate(() => [window.heard.element?.paused, window.heard.element?.volume])).toEqual([
		false,
		0.25
	]);
});
