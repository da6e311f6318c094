import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, expect, test, type Page } from '@playwright/test';
import * as v from 'valibot';
import { furnish } from '../support/people.ts';
import { serve, type Serving } from '../support/serving.ts';

// The policy of a real kiosk, read by a real Chromium. Where it looks for policies is the machine's: so the browser gets
// a view of the file system of its own (util-linux, on every Debian), and nothing of the machine changes.

const file = fileURLToPath(new URL('../../deploy/kiosk/chromium-policy.json', import.meta.url));
const Policy = v.record(v.string(), v.unknown());
const show = 'chrome://policy';

let serving: Serving;
let folder: string;
let page: Page;
let policy: v.InferOutput<typeof Policy>;
let kill: () => void = () => undefined;

test.beforeAll(async () => {
	serving = await serve(furnish);
	folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-policy-'));
	const text = (await readFile(file, 'utf8')).replaceAll('KUUNTELUPISTE_ORIGIN', serving.origin);
	policy = v.parse(Policy, JSON.parse(text));
	const { URLAllowlist: allowed } = v.parse(v.object({ URLAllowlist: v.array(v.string()) }), policy);
	await mkdir(path.join(folder, 'managed'));
	await writeFile(
		path.join(folder, 'managed', 'kiosk.json'),
		// The test looks through the developer tools, at the page that lists the policies.
		JSON.stringify({ ...policy, DeveloperToolsAvailability: 1, URLAllowlist: [...allowed, show] })
	);
	page = await openBrowser();
});
test.afterAll(async () => {
	kill();
	await serving.remove();
	await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function openBrowser(): Promise<Page> {
	const inside =
		'mount -t tmpfs none /etc/chromium && mkdir /etc/chromium/policies && cp -r "$0" /etc/chromium/policies/';
	const child = spawn(
		'unshare',
		[
			...['-rm', '--', 'sh', '-c', `${inside} && exec "$@"`, path.join(folder, 'managed'), '/usr/bin/chromium'],
			...['--headless=new', '--no-sandbox', '--remote-debugging-port=0', '--no-first-run', '--disable-sync'],
			...['--disable-background-networking', '--disable-component-update', '--disable-quic'],
			...[`--user-data-dir=${path.join(folder, 'profile')}`, 'about:blank']
		],
		{ detached: true, stdio: ['ignore', 'ignore', 'pipe'] }
	);
	const gone = new Promise((resolve) => child.once('exit', resolve));
	kill = () => {
		if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
	};
	let said = '';
	const address = await new Promise<string>((resolve, reject) => {
		child.stderr.on('data', (text) => {
			said += text;
			const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
			if (found) resolve(found);
		});
		void gone.then(() => reject(new Error(`Chromium did not start: ${said}`)));
	});
	const browser = await chromium.connectOverCDP(address);
	return (browser.contexts()[0] ?? (await browser.newContext())).newPage();
}

test('every policy of the kiosk is known to this Chromium and taken as it is', async () => {
	await page.goto(show);
	const rows = page.locator('.policy.row').filter({ hasText: 'Mandatory' });
	await expect(rows.first()).toBeVisible();
	const taken = (await rows.allInnerTexts()).map((text) => text.split('\n').filter(Boolean));
	const names = Object.keys(policy);
	expect(names.map((name) => [name, taken.find(([first]) => first === name)?.at(-1)])).toEqual(
		names.map((name) => [name, 'OK'])
	);
});

test('a kiosk opens its own page, and neither the console, nor files, nor another host', async () => {
	for (const other of [`${serving.origin}/console`, serving.origin, 'file:///etc/passwd', 'https://example.com/']) {
		const tab = await page.context().newPage();
		await expect(tab.goto(other), other).rejects.toThrow('ERR_BLOCKED_BY_ADMINISTRATOR');
	}
	await page.goto(`${serving.origin}/kiosk`);
	await page.getByRole('button', { name: 'Näytä koodi' }).click();
	await expect(page.getByText(/^[B-Z]{4}-[B-Z]{4}$/)).toBeVisible();
});
