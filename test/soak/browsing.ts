import { expect, type Browser } from '@playwright/test';
import { becomeKiosk, openPage } from '../support/browsing.ts';
import { walk } from '../support/many-visits.ts';
import type { Desk } from './desk.ts';

/** A kiosk in a browser, visit after visit until it is told to stop; `onVisit` gets its live heap in bytes after each. */
export async function browsing(
	browser: Browser,
	origin: string,
	desk: Desk,
	{ signal, onVisit }: { signal: AbortSignal; onVisit: (heap: number) => void }
): Promise<void> {
	const { id, secret } = await desk.kiosk();
	const { page, mustBeQuiet } = await openPage(browser, origin, { width: 1080, height: 1920 });
	await becomeKiosk(page.context(), origin, secret);
	const devtools = await page.context().newCDPSession(page);
	await page.goto('/kiosk');
	await expect(page.locator('h1:focus')).toBeVisible();
	while (!signal.aborted) {
		const { code, release, over } = await desk.book(id);
		await walk(page, code, release);
		await over();
		for (let times = 0; times < 2; times++) await devtools.send('HeapProfiler.collectGarbage');
		const { usedSize } = await devtools.send('Runtime.getHeapUsage');
		onVisit(usedSize);
	}
	mustBeQuiet();
	await page.context().close();
}
