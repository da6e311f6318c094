import type { CDPSession, Page } from '@playwright/test';

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

/** Where the time of a press went, in ms: to our script, to finding styles, to laying out. */
export interface Spent {
	script: number;
	style: number;
	layout: number;
}

/**
 * Lets every page that is opened from now on note what the browser measures of it, and makes its processor so slow; gives
 * the line to the browser's own tools.
 */
export async function watch(page: Page, slowdown: number): Promise<CDPSession> {
	const devtools = await page.context().newCDPSession(page);
	await devtools.send('Performance.enable');
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
	return devtools;
}

/** From the beginning of the navigation to the largest content's painting, in ms. */
export async function largestMs(page: Page, address: string, there: () => Promise<unknown>): Promise<number> {
	await page.goto(address);
	await there();
	await settled(page);
	return page.evaluate(() => window.seen.largestMs);
}

/** From a press to the painting that follows it, in ms; 16 stands for that or less. */
export async function pressMs(
	page: Page,
	press: () => Promise<unknown>,
	devtools: CDPSession
): Promise<{ ms: number; spent: Spent }> {
	const before = await spentSoFar(devtools);
	await page.evaluate(() => void (window.seen.presses.length = 0));
	await press();
	await settled(page);
	const presses = await page.evaluate(() =>
		window.seen.presses.map(({ interactionId, duration }) => ({ interactionId, duration }))
	);
	const after = await spentSoFar(devtools);
	return {
		ms: Math.max(16, ...presses.filter(({ interactionId }) => interactionId > 0).map(({ duration }) => duration)),
		spent: {
			script: after.script - before.script,
			style: after.style - before.style,
			layout: after.layout - before.layout
		}
	};
}

async function spentSoFar(devtools: CDPSession): Promise<Spent> {
	const { metrics } = await devtools.send('Performance.getMetrics');
	const ms = (wanted: string): number => (metrics.find(({ name }) => name === wanted)?.value ?? NaN) * 1000;
	return { script: ms('ScriptDuration'), style: ms('RecalcStyleDuration'), layout: ms('LayoutDuration') };
}

/** The browser tells what it measured a while after it. */
async function settled(page: Page): Promise<void> {
	await page.waitForTimeout(500);
	await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
}
