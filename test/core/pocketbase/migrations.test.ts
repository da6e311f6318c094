import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findProgram } from '#pocketbase/binary.ts';
import { clearLeftovers } from '#pocketbase/leftovers.ts';
import { copiesIn, formOf, migrations, mustBeMigrated } from '#pocketbase/migrations.ts';
import { setSuperuser, startServer, type Place } from '#pocketbase/server.ts';

// An earlier version is this one without its last two migrations.
const [secondLast = '', last = ''] = readdirSync(migrations).sort().slice(-2);
let folder: string;
let older: Place;
let newer: Place;
beforeAll(async () => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-versions-'));
	cpSync(migrations, path.join(folder, 'earlier'), { recursive: true });
	for (const name of [secondLast, last]) rmSync(path.join(folder, 'earlier', name));
	const place = { program: await findProgram(undefined), data: path.join(folder, 'data') };
	mkdirSync(place.data);
	[older, newer] = [{ ...place, migrations: path.join(folder, 'earlier') }, place];
	await setSuperuser(older, 'somebody@kuuntelupiste.internal', 'a password of somebody');
	await (await startServer(older)).stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function form(file: string) {
	const database = new DatabaseSync(file, { readOnly: true });
	const { done, missing, newer } = formOf(database);
	const accounts = database.prepare('SELECT email FROM _superusers').all();
	const whole = database.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
	database.close();
	return { last: done.at(-1), missing, newer, accounts: accounts.length, whole };
}
const now = () => form(path.join(folder, 'data', 'pocketbase', 'data.db'));

it('brings older data to its form once, after a copy of the database as it was; a destruction clears the copy', async () => {
	const before = now();
	expect(before).toMatchObject({ missing: [secondLast, last], newer: [] });
	expect(() => mustBeMigrated(newer.data)).toThrow(expect.objectContaining({ reason: 'older_data' }));
	const copies: string[] = [];
	const start = async () => (await startServer({ ...newer, onMigrate: (copy) => copies.push(copy) })).stop();
	await start();
	expect(now()).toEqual({ ...before, last, missing: [] });
	expect(() => mustBeMigrated(newer.data)).not.toThrow();
	await start();
	expect(copies).toHaveLength(1);
	expect(form(copies[0] ?? '')).toEqual(before);
	await clearLeftovers(newer.data);
	expect(existsSync(copiesIn(newer.data))).toBe(false);
});

it('does not start an earlier version on what a later one has changed, and changes nothing', async () => {
	const before = now();
	await expect(startServer(older)).rejects.toMatchObject({ kind: 'conflict', reason: 'newer_data' });
	expect(now()).toEqual(before);
});
