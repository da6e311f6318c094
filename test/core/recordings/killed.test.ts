import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { countOpen, exportOf, forget, importKilled } from './killed.ts';

let house: House;
beforeAll(async () => {
	house = await openHouse();
	await plant.person(house, ['agent'], { signInName: 'aino', name: 'Aino Malli' });
});
afterAll(() => house?.close());

test('an import that is killed again and again ends with each call once, whole and opening', async () => {
	const calls = 24;
	const folder = exportOf(calls);
	const env = { ...process.env, KUUNTELUPISTE_DATA: house.data, KUUNTELUPISTE_MASTER_KEY: house.masterKey };
	const said = await importKilled(folder, env, { kills: 4, longestMs: 1500, random: Math.random });
	forget(folder);
	expect(said).toMatch(/^\d+ imported, \d+ already known, 0 past retention, 0 rejected$/);
	expect(await countOpen(house.superuser, house.register.keyring)).toEqual({ rows: calls, open: calls, unchecked: 0 });
	// PocketBase keeps a folder a recording, with the one file in it and what it knows of the file.
	const collection = await house.superuser.collections.getOne('recordings');
	const stored = path.join(house.data, 'pocketbase', 'storage', collection.id);
	const files = readdirSync(stored, { recursive: true }).filter((name) => String(name).endsWith('.age'));
	expect(files).toHaveLength(calls);
}, 300_000);
