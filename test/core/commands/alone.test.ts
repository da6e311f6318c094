import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { freePort } from '../../support/serving.ts';
import { kuuntelupiste } from './running.ts';

// As on a server where PocketBase has a user of its own: its folder is made beforehand, for the group of both.

const program = fileURLToPath(new URL('../../../src/commands/kuuntelupiste.ts', import.meta.url));
let folder: string;
let data: string;
let environment: Record<string, string>;
let database: ChildProcess | undefined;
beforeAll(async () => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-alone-'));
	data = path.join(folder, 'data');
	mkdirSync(path.join(data, 'pocketbase'), { recursive: true });
	chmodSync(path.join(data, 'pocketbase'), 0o2770);
	environment = {
		KUUNTELUPISTE_DATA: data,
		KUUNTELUPISTE_MASTER_KEY: inject('template').masterKey,
		KUUNTELUPISTE_POCKETBASE_URL: `http://127.0.0.1:${await freePort()}`
	};
});
afterEach(async () => {
	if (!database) return;
	const over = once(database, 'exit');
	database.kill('SIGTERM');
	await over;
	database = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('without a register there is no database to run, and a dry run makes none', async () => {
	expect((await kuuntelupiste(['pocketbase'], environment)).err).toMatch(/^kuuntelupiste: There is no register in /);
	const dry = await kuuntelupiste(['init', '--dry-run'], environment);
	expect([dry.code, dry.err]).toEqual([0, '']);
	expect(dry.out).toMatch(/^Could be made in .*\n(.*\n)+Nothing was changed\.\n$/);
	expect(readdirSync(data, { recursive: true })).toEqual(['pocketbase']);
	const wrong = await kuuntelupiste(['init', '--dry-run'], { ...environment, KUUNTELUPISTE_MASTER_KEY: '' });
	expect([wrong.code, wrong.out]).toEqual([1, '']);
	expect(wrong.err).toMatch(/^kuuntelupiste: There is no master key: /);
});

it('what the making puts into the database’s folder is for both users, and everything else for one', async () => {
	expect((await kuuntelupiste(['init'], environment)).err).toBe('');
	const mode = (name: string) => statSync(path.join(data, name)).mode & 0o777;
	expect(['pocketbase', 'pocketbase/data.db', 'pocketbase/auxiliary.db'].map(mode)).toEqual([0o770, 0o660, 0o660]);
	expect(['keys', 'access-log'].map((name) => mode(name) & 0o077)).toEqual([0, 0]);
	expect((await kuuntelupiste(['init', '--dry-run'], environment)).err).toMatch(/is not empty/);
});

it('commands go to the database that runs by itself, and start none of their own', async () => {
	database = spawn(process.execPath, [program, 'pocketbase'], { env: { ...process.env, ...environment } });
	let said = '';
	database.stdout?.on('data', (text) => (said += text));
	while (!said.includes('PocketBase answers')) await once(database.stdout ?? database, 'data');
	const swept = await kuuntelupiste(['sweep'], environment);
	expect([swept.code, swept.err]).toEqual([0, '']);
	expect(readdirSync(data)).not.toContain('pocketbase.address');
	const doctor = await kuuntelupiste(['doctor'], environment);
	expect(doctor.out).toMatch(/^fine +PocketBase’s reach/m);
	// A second one finds the port taken.
	const second = await kuuntelupiste(['pocketbase'], environment);
	expect(second.code).toBe(1);
	expect(second.err).toMatch(/^kuuntelupiste: PocketBase did not start\./);
});

it('a backup is restored while it stands still, into a folder for both users', async () => {
	const [to, keys] = [path.join(folder, 'copies'), path.join(folder, 'keys')];
	expect(
		(await kuuntelupiste(['backup', to, '--keys', keys], { ...environment, KUUNTELUPISTE_POCKETBASE_URL: '' })).err
	).toBe('');
	const fresh = path.join(folder, 'fresh');
	mkdirSync(path.join(fresh, 'pocketbase'), { recursive: true });
	chmodSync(path.join(fresh, 'pocketbase'), 0o2770);
	const copy = (place: string) => path.join(place, readdirSync(place)[0] ?? '');
	const words = ['restore', copy(to), '--keys', copy(keys), '--log', path.join(data, 'access-log')];
	const restored = await kuuntelupiste(words, { ...environment, KUUNTELUPISTE_DATA: fresh });
	expect([restored.code, restored.err]).toEqual([0, '']);
	expect(statSync(path.join(fresh, 'pocketbase/data.db')).mode & 0o777).toBe(0o660);
	expect(readdirSync(fresh)).not.toContain('pocketbase.address');
});
