import { expect, test, type Page } from '@playwright/test';
import { listenTo, type Ears } from '../support/ears.ts';
import { seconds, serveSoundPage, type SoundPage } from '../support/sound-page.ts';

// The contract of the player's sound: what holds for a plain media element holds for ours, over Howler, too.

let served: SoundPage;
let ears: Ears;
test.beforeAll(async () => {
	served = await serveSoundPage();
});
test.afterAll(() => served.close());

let complaints: string[] = [];
test.beforeEach(async ({ page }) => {
	complaints = [];
	page.on('console', (message) => {
		if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
	});
	page.on('pageerror', (error) => complaints.push(error.message));
	ears = await listenTo(page);
	await page.goto(served.origin);
	await page.waitForFunction(() => typeof window.open === 'function' && window.Sound);
	served.forget();
});
test.afterEach(() => expect(complaints).toEqual([]));

for (const kind of ['plain', 'ours'] as const) {
	test.describe(kind === 'plain' ? 'a plain element' : 'our sound', () => {
		test('plays A-law in WAV, although the browser says it may not', async ({ page }) => {
			await open(page, kind, '/audio/alaw');
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => position(page)).toBeGreaterThan(0.3);
			await expect.poll(() => ears.level()).toBeGreaterThan(0.05);
			expect(await page.evaluate(() => window.heard.duration)).toBeCloseTo(seconds, 2);
		});

		test('plays Opus in WebM', async ({ page }) => {
			await open(page, kind, '/audio/opus');
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => position(page)).toBeGreaterThan(0.3);
		});

		test('pauses where it is and goes on from there', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => window.heard.pause());
			const before = await position(page);
			expect(await silent(page)).toBe(true);
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => silent(page)).toBe(false);
			expect(await position(page)).toBeGreaterThanOrEqual(before);
			expect(await position(page)).toBeLessThan(before + 2);
		});

		test('goes where it is sent, playing and paused', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => window.heard.seek(6));
			await expect.poll(() => position(page)).toBeGreaterThan(6.1);
			expect(await position(page)).toBeLessThan(8);
			await page.evaluate(() => window.heard.pause());
			await page.evaluate(() => window.heard.seek(3));
			expect(await position(page)).toBeCloseTo(3, 1);
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => position(page)).toBeGreaterThan(3.1);
			expect(await position(page)).toBeLessThan(5);
		});

		test('sent past its end it stops there, and not beyond', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => window.heard.seek(1000));
			await expect.poll(() => page.evaluate(() => window.heard.ended)).toBe(true);
			expect(await position(page)).toBeCloseTo(seconds, 2);
			expect(await silent(page)).toBe(true);
		});

		test('after its end it begins again', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => window.heard.seek(11.8));
			await expect.poll(() => page.evaluate(() => window.heard.ended)).toBe(true);
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => silent(page)).toBe(false);
			expect(await position(page)).toBeLessThan(3);
		});

		test('tells that somebody else paused it, and plays on when asked', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => window.heard.element?.pause());
			await expect.poll(() => silent(page)).toBe(true);
			const before = await position(page);
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => position(page)).toBeGreaterThan(before + 0.1);
			expect(await position(page)).toBeLessThan(before + 2);
		});

		test('the last of quick presses counts', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => {
				window.heard.pause();
				window.heard.play();
				window.heard.pause();
				window.heard.play();
			});
			const before = await position(page);
			await expect.poll(() => position(page)).toBeGreaterThan(before + 0.3);
			await page.evaluate(() => {
				window.heard.play();
				window.heard.pause();
			});
			await page.waitForTimeout(300);
			expect(await silent(page)).toBe(true);
		});

		test('keeps its speed and its volume through a pause', async ({ page }) => {
			await playing(page, kind);
			await page.evaluate(() => {
				window.heard.rate = 2;
				window.heard.volume = 0.25;
				window.heard.pause();
				window.heard.play();
			});
			await expect.poll(() => silent(page)).toBe(false);
			expect(
				await page.evaluate(() => {
					const element = window.heard.element;
					return element && [element.playbackRate, window.heard.volume, element.preservesPitch];
				})
			).toEqual([2, 0.25, true]);
		});

		test('cut off in the middle and then refused, it says that it failed', async ({ page }) => {
			await open(page, kind, '/audio/cut');
			await page.evaluate(() => {
				window.heard.play();
				window.heard.rate = 2;
			});
			await expect.poll(() => page.evaluate(() => window.heard.failed)).toBe(true);
			expect(await silent(page)).toBe(true);
		});

		test('says that it failed when the server gives nothing', async ({ page }) => {
			await open(page, kind, '/audio/unavailable');
			await page.evaluate(() => window.heard.play());
			await expect.poll(() => page.evaluate(() => window.heard.failed)).toBe(true);
			expect(await silent(page)).toBe(true);
		});
	});
}

test('nothing is asked of the server before the first play', async ({ page }) => {
	await open(page, 'ours', '/audio/alaw');
	await page.evaluate(() => window.heard.seek(4));
	await page.waitForTimeout(300);
	expect(served.asked).toEqual([]);
	await page.evaluate(() => window.heard.play());
	await expect.poll(() => position(page)).toBeGreaterThan(4.1);
	expect(new Set(served.asked)).toEqual(new Set(['/audio/alaw']));
});

test('nothing is asked for twice, and no seek made, before it plays or plays on', async ({ page }) => {
	await playing(page, 'ours');
	await page.evaluate(() => window.heard.pause());
	await expect.poll(() => page.evaluate(() => window.heard.silent)).toBe(true);
	const stood = await position(page);
	await page.evaluate(() => window.heard.play());
	await expect.poll(() => position(page)).toBeGreaterThan(stood + 0.1);
	expect(await page.evaluate(() => window.heard.seeks)).toBe(0);
	expect(served.asked).toEqual(['/audio/alaw']);
});

test('many seeks at once are made as two: the first and the last', async ({ page }) => {
	await playing(page, 'ours');
	const before = await page.evaluate(() => window.heard.seeks);
	const aim = await page.evaluate(() => {
		for (let at = 1; at <= 9; at += 0.5) window.heard.seek(at);
		return window.heard.position;
	});
	expect(aim).toBe(9);
	await expect.poll(() => position(page)).toBeGreaterThan(9.1);
	expect((await page.evaluate(() => window.heard.seeks)) - before).toBe(2);
});

test('a seek in the very moment of beginning is made', async ({ page }) => {
	await open(page, 'ours', '/audio/alaw');
	const passed = await page.evaluateHandle(() => {
		const { heard } = window;
		const positions: number[] = [];
		heard.play();
		heard.element?.addEventListener('play', () => heard.seek(8), { once: true });
		heard.element?.addEventListener('timeupdate', () => positions.push(heard.position));
		return positions;
	});
	await expect.poll(() => position(page)).toBeGreaterThan(8.1);
	expect((await passed.jsonValue()).filter((at) => at > 0 && at < 8)).toEqual([]);
});

test('a pause while it loads is a pause', async ({ page }) => {
	await open(page, 'ours', '/audio/alaw');
	await page.evaluate(() => {
		window.heard.play();
		window.heard.pause();
	});
	await page.waitForTimeout(700);
	expect(await page.evaluate(() => [window.heard.silent, window.heard.position])).toEqual([true, 0]);
});

test('opening another sound silences the first, and the same element serves again', async ({ page }) => {
	await playing(page, 'ours');
	const reused = await page.evaluate(async () => {
		const first = window.heard.element;
		window.open('ours', '/audio/opus');
		window.heard.play();
		while (window.heard.position < 0.2) await new Promise((resolve) => setTimeout(resolve, 20));
		return first === window.heard.element;
	});
	expect(reused).toBe(true);
});

test('disposed of, it is silent and lets go of its address', async ({ page }) => {
	await playing(page, 'ours');
	expect(
		await page.evaluate(() => {
			window.heard.dispose();
			return [window.heard.element?.paused, window.heard.element?.src.startsWith('data:')];
		})
	).toEqual([true, true]);
});

async function open(page: Page, kind: 'ours' | 'plain', src: string): Promise<void> {
	await page.evaluate(([kind, src]) => window.open(kind, src), [kind, src] as const);
}

async function playing(page: Page, kind: 'ours' | 'plain'): Promise<void> {
	await open(page, kind, '/audio/alaw');
	await page.evaluate(() => window.heard.play());
	await expect.poll(() => position(page)).toBeGreaterThan(0.1);
}

function position(page: Page): Promise<number> {
	return page.evaluate(() => window.heard.position);
}

function silent(page: Page): Promise<boolean> {
	return page.evaluate(() => window.heard.silent);
}
