import { rename } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { atThePlayer } from '../support/at-the-player.ts';
import { becomeKiosk, openPage } from '../support/browsing.ts';
import { listenTo } from '../support/ears.ts';
import { furnish } from '../support/people.ts';
import { serve, type Serving } from '../support/serving.ts';

let serving: Serving;
test.beforeAll(async () => {
	serving = await serve(furnish);
});
test.afterAll(() => serving.remove());

test('while the access log cannot be written nothing plays, and the visitor is told so calmly', async ({ browser }) => {
	const { secret } = await atThePlayer(serving);
	const { page } = await openPage(browser, serving.origin, { width: 1080, height: 1920 });
	const ears = await listenTo(page);
	await becomeKiosk(page.context(), serving.origin, secret);
	await page.goto('/kiosk');
	await expect(page.getByRole('slider')).toBeVisible();

	const log = path.join(serving.data, 'access-log');
	await rename(log, `${log}-away`);
	await page.reload();
	await page.getByRole('button', { name: 'Kuuntele', exact: true }).click();
	await expect(page.getByRole('alert')).toContainText('Henkilökunta');
	expect(await ears.level()).toBe(0);

	// The log is back: it plays on by one press, without anybody's repair.
	await rename(`${log}-away`, log);
	await page.getByRole('button', { name: 'Yritä uudelleen' }).click();
	await expect.poll(() => ears.level()).toBeGreaterThan(0.01);
	expect((await serving.command('log', 'verify')).code).toBe(0);
});
