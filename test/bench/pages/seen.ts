import type { Page } from '@playwright/test';

interface Press {
	interactionId: number;
	duration: number;
}

declare global {
	interface Window {
		/** What the browser itself measured since the page was opened. */
		seen: { largestMs: number; presses: Press[] };
	}
}

/** Lets every page that is opened from now on note what the browser measures of it, and makes its processor so slow. */
export async function watch(page: Page, slowdown: number): Promise<void> {
	const devtools = await page.context().newCDPSession(page);
	await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
	await page.addInitScript(() => {
		const seen: Window['seen'] = { largestMs: 0, presses: [] };
		window.seen = seen;
		new PerformanceObserver((list) => {
			for (const { startTime } of list.getEntries()) seen.largestMs = startTime;
		}).observe({ type: 'largest-contentful-paint', buffered: true });
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries() as (PerformanceEntry & Press)[]) seen.presses.push(entry);
			// The least that the browser tells; a press that took less is not told at all.
		}).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
	});
}

/** From the beginning of the navigation to the largest content's painting, in ms. */
export async function largestMs(page: Page, address: string, there: () => Promise<unknown>): Promise<number> {
	await page.goto(address);
	await there();
	await settled(page);
	return page.evaluate(() => window.seen.largestMs);
}

/** From a press to the painting that follows it, in ms; 16 stands for that or less. */
export async function pressMs(page: Page, press: () => Promise<unknown>): Promise<number> {
	await page.evaluate(() => void (window.seen.presses.length = 0));
	await press();
	await settled(page);
	const presses = await page.evaluate(() =>
		window.seen.presses.map(({ interactionId, duration }) => ({ interactionId, duration }))
	);
	return Math.max(16, ...presses.filter(({ interactionId }) => interactionId > 0).map(({ duration }) => duration));
}

/** The browser tells what it measured a while after it. */
async function settled(page: Page): Promise<void> {
	await page.waitForTimeout(500);
	await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
}
