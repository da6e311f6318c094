import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium, expect, test } from '@playwright/test';
import { atThePlayer } from '../support/at-the-player.ts';
import { becomeKiosk } from '../support/browsing.ts';
import { furnish } from '../support/people.ts';
import { serve, type Serving } from '../support/serving.ts';

let serving: Serving;
test.beforeAll(async () => {
	serving = await serve(furnish);
});
test.afterAll(() => serving.remove());

// Nothing outlives a test, also one that failed half-way.
const started = new Set<number>();
test.afterEach(() => {
	for (const pid of started) {
		try {
			process.kill(-pid, 'SIGKILL');
		} catch {
			// It has ended already.
		}
	}
	started.clear();
});

/** Starts Chromium as a kiosk does, with a profile and a temporary folder of its own. */
async function startBrowser(folder: string) {
	const child = spawn(
		'/usr/bin/chromium',
		[
			'--headless=new',
			'--remote-debugging-port=0',
			`--user-data-dir=${path.join(folder, 'profile')}`,
			...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
			...['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
			...['--disable-sync', '--autoplay-policy=no-user-gesture-required', 'about:blank']
		],
		{ stdio: ['ignore', 'ignore', 'pipe'], detached: true, env: { ...process.env, TMPDIR: folder, HOME: folder } }
	);
	if (child.pid) started.add(child.pid);
	let said = '';
	const address = await new Promise<string>((resolve, reject) => {
		child.stderr.on('data', (text) => {
			said += text;
			const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
			if (found) resolve(found);
		});
		child.once('exit', () => reject(new Error(`Chromium did not start: ${said}`)));
	});
	const gone = new Promise((resolve) => child.once('exit', resolve));
	return { browser: await chromium.connectOverCDP(address), pid: child.pid ?? 0, gone };
}

async function filesWith(folder: string, marker: Buffer): Promise<{ searched: number; found: string[] }> {
	const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
	const found: string[] = [];
	for (const file of files) {
		const name = path.join(file.parentPath, file.name);
		if ((await readFile(name).catch(() => Buffer.alloc(0))).includes(marker)) found.push(name);
	}
	return { searched: files.length, found };
}

for (const end of ['a clean exit', 'kill -9'] as const) {
	test(`after a visit and ${end}, the browser's profile and temporary folder hold no byte of the recording`, async () => {
		const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-profile-'));
		const { secret, recording, marker } = await atThePlayer(serving);
		const { browser, pid, gone } = await startBrowser(folder);
		const context = browser.contexts()[0] ?? (await browser.newContext());
		await becomeKiosk(context, serving.origin, secret);
		const page = await context.newPage();
		let bytes = 0;
		page.on('response', (response) => {
			if (response.url().endsWith(`/audio/${recording}`)) bytes += Number(response.headers()['content-length'] ?? 0);
		});
		await page.goto(`${serving.origin}/kiosk`);
		await page.getByRole('button', { name: 'Kuuntele', exact: true }).click();
		await expect(page.getByRole('button', { name: 'Tauko' })).toBeVisible();
		// It plays past the middle, where the marker is.
		await page.getByRole('slider').focus();
		await page.keyboard.press('ArrowRight');
		await page.keyboard.press('ArrowRight');
		await expect(page.getByRole('slider')).toHaveAttribute('aria-valuetext', /^1[1-9] sekuntia/);
		expect(bytes).toBeGreaterThan(100_000);
		if (end === 'kill -9') {
			process.kill(-pid, 'SIGKILL');
		} else {
			const session = await browser.newBrowserCDPSession();
			await session.send('Browser.close').catch(() => undefined);
		}
		await gone;
		const { searched, found } = await filesWith(folder, marker);
		expect(searched).toBeGreaterThan(10);
		expect(found).toEqual([]);
		await rm(folder, { recursive: true, force: true, maxRetries: 5 });
	});
}
