import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { withDatabase } from '#commands/database.ts';
import { password } from '#demo/people.ts';
import { readSettings } from '#settings.ts';
import { kuuntelupiste } from '../commands/running.ts';
import { countOpen } from '../recordings/killed.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-many-'));
const environment = { KUUNTELUPISTE_DATA: path.join(folder, 'data') };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a demo can be filled with invented calls: each is whole and opens, none is due, their agents sign in', async () => {
	const made = await kuuntelupiste(['init', '--demo', '--rows', '400'], environment);
	expect([made.code, made.err]).toEqual([0, '']);
	const settings = readSettings(environment);
	await withDatabase(settings, 'intake', async ({ pocketbase, keyring }) => {
		expect(await countOpen(pocketbase.service, keyring)).toEqual({ rows: 416, open: 416, unchecked: 0 });
		await pocketbase.signIn('agent1', password);
	});
	expect((await kuuntelupiste(['reconcile'], environment)).out).toBe('416 recordings, 0 findings, 0 removed\n');
	expect((await kuuntelupiste(['sweep'], environment)).out).toMatch(/^0 recordings destroyed, 0 keys destroyed/);

	const database = new DatabaseSync(path.join(settings.data, 'pocketbase', 'data.db'), { readOnly: true });
	const known = String(
		database.prepare(`SELECT indexes FROM _collections WHERE name = 'recordings'`).get()?.['indexes']
	);
	const there = database
		.prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'recordings' AND sql IS NOT NULL`)
		.all();
	expect(there.length).toBe(JSON.parse(known).length);
	expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
	database.close();
}, 120_000);

test('and nothing but a demo', async () => {
	const { code, err } = await kuuntelupiste(['init', '--rows', '5'], environment);
	expect([code, err]).toEqual([1, 'kuuntelupiste: --rows is for the demo only: add --demo.\n']);
});
