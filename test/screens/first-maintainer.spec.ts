import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ChildProcess } from 'node:child_process';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { newMasterKey } from '#sealing/keyring.ts';
import { openPage } from '../support/browsing.ts';
import { readCode } from '../support/second-factor.ts';
import { ended, freePort, launch, ready, runCommand } from '../support/serving.ts';

// A register as `init` makes it, and its first maintainer, who has nothing but the link that it printed.

let folder: string;
let server: ChildProcess;
let origin: string;
let link: string;
let said = '';
test.beforeAll(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-first-'));
	const environment = {
		KUUNTELUPISTE_DATA: path.join(folder, 'data'),
		KUUNTELUPISTE_PORT: String(await freePort()),
		KUUNTELUPISTE_MASTER_KEY: await newMasterKey(),
		KUUNTELUPISTE_JOURNAL: 'debug'
	};
	const { out } = await runCommand(['init'], environment);
	link = /^http\S+\/console\/first#\S+$/m.exec(out)?.[0] ?? '';
	origin = new URL(link).origin;
	server = launch(['serve'], environment);
	for (const stream of [server.stdout, server.stderr]) stream?.on('data', (text) => (said += text));
	await ready(server);
});
test.afterAll(async () => {
	await ended(server, 'SIGTERM');
	await rm(folder, { recursive: true, force: true });
});

const small = { width: 1366, height: 768 };

test('the first maintainer’s link leads to a password and a second factor of their own, once, and its secret into no address', async ({
	browser
}) => {
	const { page, mustBeQuiet } = await openPage(browser, origin, small);
	const heading = page.getByRole('heading', { level: 1 });
	const secret = new URL(link).hash.slice(1);
	const addresses: string[] = [];
	page.on('request', (request) => addresses.push(request.url(), request.headers()['referer'] ?? ''));
	await page.goto(link);
	await expect(page.getByText('Käyttäjätunnuksesi on maintainer.')).toBeVisible();
	expect(page.url()).toBe(`${origin}/console/first`);
	const { violations } = await new AxeBuilder({ page }).analyze();
	expect(violations.map(({ id }) => id)).toEqual([]);

	await page.getByRole('button', { name: 'Jatka' }).click();
	for (const field of [/^Uusi salasana(?! uudelleen)/, 'Uusi salasana uudelleen']) {
		await page.getByLabel(field).fill('neljä hevosta laiturilla');
	}
	await page.getByRole('button', { name: 'Jatka' }).click();
	await expect(heading).toHaveText('Ota toinen tunniste käyttöön');
	const codeAt = await readCode(page);
	await page.getByLabel('Kuusinumeroinen koodi').fill(codeAt());
	await page.keyboard.press('Enter');
	await expect(heading).toHaveText('Varakoodit');
	await page.getByRole('link', { name: 'Koodit ovat tallessa, jatka' }).click();
	await expect(heading).toContainText('Hei');
	expect(await page.evaluate(() => history.length)).toBeGreaterThan(2);
	for (let back = 0; back < 3; back++) {
		await page.goBack();
		expect(page.url()).not.toContain(secret);
	}
	mustBeQuiet();

	const again = (await openPage(browser, origin, small)).page;
	await again.goto(link);
	await again.getByRole('button', { name: 'Jatka' }).click();
	await expect(again.getByRole('alert')).toHaveText('Linkki on jo käytetty, tai se on vanhentunut.');
	await again.goto('/console/first');
	await expect(again.getByRole('alert')).toContainText('Linkki on vajaa.');

	expect(addresses.length).toBeGreaterThan(10);
	expect(addresses.filter((address) => address.includes(secret))).toEqual([]);
	expect(said).toContain('/console/first');
	expect(said).not.toContain(secret);
});
