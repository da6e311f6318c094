import { spawn } from 'node:child_process';
import { chromium, expect, type Browser } from '@playwright/test';
import playwright from '../../playwright.config.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { startServer } from '#pocketbase/server.ts';
import { atThePlayer } from '../support/at-the-player.ts';
import { becomeKiosk, openPage } from '../support/browsing.ts';
import { listenTo } from '../support/ears.ts';
import { furnish } from '../support/people.ts';
import { serve } from '../support/serving.ts';
import { median, rounded, tell } from './whole/figure.ts';

// From `kuuntelupiste serve` to its word that it is ready, to the first screen of a kiosk, and to the first sound of a
// call, beside PocketBase alone starting on the same data, and beside a bare Node that ends at once. The browser runs already,
// as a kiosk's does.
// `npm run bench -- cold-start [rounds]`

const [rounds = 7] = process.argv.slice(2).map(Number);

const serving = await serve(furnish);
const browser = await chromium.launch(playwright.use?.launchOptions);
const took: Record<string, number[]> = {};
try {
	const visit = await atThePlayer(serving, { seconds: 20 });
	const program = await findProgram(undefined);
	await serving.stop();
	// The first round fills what the machine keeps of files in memory, and does not count.
	for (let round = -1; round < rounds; round++) {
		const note = (what: string, ms: number): void => void (round < 0 || (took[what] ??= []).push(ms));
		const began = performance.now();
		const database = await startServer({ program, data: serving.data });
		note('PocketBase alone', performance.now() - began);
		await database.stop();
		const beganNode = performance.now();
		await new Promise((resolve) => spawn(process.execPath, ['--eval', '0']).once('exit', resolve));
		note('a bare Node', performance.now() - beganNode);
		await start(browser, visit.secret, note);
	}
} finally {
	await browser.close();
	await serving.remove();
}

const alone = median(took['PocketBase alone'] ?? []);
console.table(
	Object.fromEntries(
		Object.entries(took).map(([what, all]) => [
			what,
			{
				'median, ms': Math.round(median(all)),
				'most, ms': Math.round(Math.max(...all)),
				'× PocketBase': rounded(median(all) / alone)
			}
		])
	)
);
for (const what of ['ready', 'first kiosk screen', 'first sound']) {
	tell({ what: `from serve to ${what}, beside PocketBase alone starting`, figure: median(took[what] ?? []) / alone });
}

async function start(browser: Browser, secret: string, note: (what: string, ms: number) => void): Promise<void> {
	const { page } = await openPage(browser, serving.origin, { width: 1080, height: 1920 });
	const ears = await listenTo(page);
	await becomeKiosk(page.context(), serving.origin, secret);
	const began = performance.now();
	const since = (): number => performance.now() - began;
	await serving.again();
	note('ready', since());
	await page.goto('/kiosk');
	await expect(page.locator('h1:focus')).toBeVisible();
	note('first kiosk screen', since());
	await page.getByRole('button', { name: 'Kuuntele', exact: true }).click();
	while ((await ears.level()) < 0.005) await page.waitForTimeout(5);
	note('first sound', since());
	await page.context().close();
	await serving.stop();
}
