import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { openHouse } from '../../support/house.ts';

const program = fileURLToPath(new URL('../../../src/commands/kuuntelupiste.ts', import.meta.url));
let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-command-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the real program to its end. */
async function kuuntelupiste(words: string[], environment: Record<string, string> = {}) {
	const child = spawn(process.execPath, [program, ...words], {
		env: { ...process.env, KUUNTELUPISTE_DATA: path.join(folder, 'data'), ...environment }
	});
	let [out, err] = ['', ''];
	child.stdout.on('data', (text) => (out += text));
	child.stderr.on('data', (text) => (err += text));
	const code = await new Promise((resolve) => child.once('exit', resolve));
	return { code, out, err };
}

const masterKey = (): Record<string, string> => ({ KUUNTELUPISTE_MASTER_KEY: inject('template').masterKey });

describe('the program', () => {
	it('helps with every command', async () => {
		const { code, out } = await kuuntelupiste(['--help']);
		expect(code).toBe(0);
		for (const command of ['init', 'serve', 'import', 'sweep', 'reconcile', 'log', 'settings'])
			expect(out).toContain(command);
		for (const command of ['init', 'serve', 'import', 'settings']) {
			expect((await kuuntelupiste([command, '--help'])).out).toContain(`Usage: kuuntelupiste ${command}`);
		}
	});

	it('says in one line what is wrong with a setting, and starts nothing', async () => {
		const { code, out, err } = await kuuntelupiste(['serve'], { KUUNTELUPISTE_PORT: 'many' });
		expect([code, out, err]).toEqual([1, '', 'kuuntelupiste: KUUNTELUPISTE_PORT must be a whole number.\n']);
	});

	it('makes a register once: keys, database and log, with the first maintainer’s link and the public key', async () => {
		const { code, out, err } = await kuuntelupiste(['init'], masterKey());
		expect([code, err]).toEqual([0, '']);
		expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/console\/first#[\w-]{43}$/m);
		expect(out).toMatch(/kuuntelupiste\/access-log\+[0-9a-f]{8}\+/);
		expect((await readdir(path.join(folder, 'data'))).sort()).toEqual(['access-log', 'keys', 'pocketbase']);
		const again = await kuuntelupiste(['init'], masterKey());
		expect(again.code).toBe(1);
		expect(again.err).toMatch(/^kuuntelupiste: .* is not empty: .*\n$/);
		const demo = await kuuntelupiste(['serve', '--demo'], masterKey());
		expect(demo.code).toBe(1);
		expect(demo.err).toMatch(/^kuuntelupiste: .* holds real data: the demo does not start on it\..*\n$/);
	});

	it('makes no register without a master key, nor in a folder that holds anything', async () => {
		const keyless = await kuuntelupiste(['init']);
		expect(keyless.code).toBe(1);
		expect(keyless.err).toBe(
			'kuuntelupiste: There is no master key: set KUUNTELUPISTE_MASTER_KEY_FILE or KUUNTELUPISTE_MASTER_KEY.\n'
		);
		await mkdir(path.join(folder, 'data'), { recursive: true });
		await writeFile(path.join(folder, 'data', 'holiday.jpg'), 'a picture');
		expect((await kuuntelupiste(['init', '--demo'])).err).toMatch(/is not empty/);
		expect(await readdir(path.join(folder, 'data'))).toEqual(['holiday.jpg']);
	});

	it('prints the settings without secrets', async () => {
		const { out } = await kuuntelupiste(['settings'], masterKey());
		expect(out).toMatch(/KUUNTELUPISTE_MASTER_KEY +\(set, secret\)/);
		expect(out).not.toContain(inject('template').masterKey);
	});

	it('verifies the access log while it is written, and names the first break', async () => {
		const house = await openHouse();
		const place = { KUUNTELUPISTE_DATA: house.data };
		for (let entry = 0; entry < 5; entry++) {
			await house.register.accessLog.append({ action: 'verify_log', role: 'system', outcome: 'done' });
		}
		expect((await kuuntelupiste(['log', 'verify'], place)).out).toBe('5 entries, intact\n');
		expect(await kuuntelupiste(['log', 'rotate-key'], place)).toMatchObject({
			code: 1,
			err: expect.stringContaining('Another process writes the access log')
		});
		await house.register.accessLog.close();
		expect((await kuuntelupiste(['log', 'rotate-key'], place)).out).toMatch(
			/\nkuuntelupiste\/access-log\+[0-9a-f]{8}\+/
		);
		expect((await kuuntelupiste(['log', 'verify'], place)).out).toBe('6 entries, intact\n');
		const database = new DatabaseSync(path.join(house.data, 'access-log', 'log.db'));
		database.exec(`UPDATE entries SET canonical = replace(canonical, '"system"', '"auditor"') WHERE sequence = 3`);
		database.close();
		const broken = await kuuntelupiste(['log', 'verify'], place);
		expect([broken.code, broken.out, broken.err]).toEqual([1, '', 'broken at entry 3: edited\n']);
		await house.close();
	});
});
