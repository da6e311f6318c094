import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verify } from '#access-log/verify.ts';
import { openKeyring } from '#sealing/keyring.ts';
import { openSealed } from '#sealing/sealed-file.ts';
import type { Person } from '#staff/person.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { call, filesWith, hour, leftOf, sweepNow, type Planted } from './scene.ts';

let house: House;
let agent: Person;
beforeAll(async () => {
	house = await openHouse();
	({ person: agent } = await plant.person(house, ['agent']));
});
afterAll(() => house.close());

const gone = { row: false, folder: false, opens: false, certified: true };
const whole = { row: true, folder: true, opens: true, certified: false };
const at = (time: string): void => void (house.clock.now = new Date(time));

it('destroys nothing a millisecond early and all of the day when its time is over, with proof', async () => {
	const calls = [
		await call(house, agent, new Date('2019-01-15T07:00:00Z')),
		await call(house, agent, new Date('2019-01-15T15:00:00Z'))
	];
	const next = await call(house, agent, new Date('2019-01-16T07:00:00Z'));
	at('2019-07-15T20:59:59.999Z');
	expect(await sweepNow(house)).toMatchObject({ recordings: 0, keys: 0 });
	for (const one of calls) expect(await leftOf(house, one)).toMatchObject(whole);

	at('2019-07-15T21:04:00Z');
	const print = await house.register.keyring.fingerprintOf({ day: '2019-01-15' });
	expect(await sweepNow(house)).toMatchObject({ recordings: 2, keys: 1, latestSeconds: 240 });
	for (const one of calls) {
		const left = await leftOf(house, one);
		expect(left).toMatchObject(gone);
		expect(left.record).toMatchObject({
			call_day: '2019-01-15',
			rule: 'six_months_from_end',
			rule_version: 1,
			key_fingerprint: print,
			sealed_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
			destroyed_day: '2019-07-16',
			late_seconds: 240
		});
		const lines = await house.register.accessLog.read({ limit: 9, where: { recording: one.id } });
		expect(lines.map(({ action, role, purpose }) => [action, role, purpose])).toEqual([
			['destroy_recording', 'system', 'retention']
		]);
	}
	expect(await leftOf(house, next)).toMatchObject(whole);
	await expect(house.register.keyring.identityFor('2019-01-15')).rejects.toMatchObject({ reason: 'day_key_destroyed' });

	expect(await sweepNow(house)).toMatchObject({ recordings: 0, keys: 0 });
	expect(await verify(path.join(house.data, 'access-log'))).toMatchObject({ intact: true });
});

it('keeps a day’s key for a call across midnight, and no longer', async () => {
	const evening = await call(house, agent, new Date('2019-02-10T18:00:00Z'));
	const across = await call(house, agent, new Date('2019-02-10T21:30:00Z'), { minutes: 60 });
	expect([evening.day, across.day]).toEqual(['2019-02-10', '2019-02-10']);
	at('2019-08-10T21:00:00Z');
	expect(await sweepNow(house)).toMatchObject({ recordings: 2 });
	expect(await leftOf(house, evening)).toMatchObject(gone);
	expect(await leftOf(house, across)).toMatchObject(whole);
	at('2019-08-11T21:00:00Z');
	expect(await sweepNow(house)).toMatchObject({ recordings: 1, keys: 1 });
	expect(await leftOf(house, across)).toMatchObject(gone);
	expect((await house.register.keyring.list()).days).not.toContain('2019-02-10');
});

it('leaves no word of a destroyed recording in the data folder but its proof, and no copy of its key', async () => {
	const calls: Planted[] = [];
	for (let minute = 0; minute < 30; minute++) {
		calls.push(await call(house, agent, new Date(Date.parse('2019-03-02T08:00:00Z') + minute * 60_000)));
	}
	const words = calls.flatMap(({ marker }) => marker);
	const key = await readFile(path.join(house.data, 'keys', 'days', '2019-03-02.age'));
	const identity = await house.register.keyring.identityFor('2019-03-02');
	expect(await filesWith(house.data, words)).toContain('pocketbase/data.db-wal');
	at('2019-09-02T21:00:00Z');
	expect(await sweepNow(house, { agreed: 30 })).toMatchObject({ recordings: 30 });
	expect(await filesWith(house.data, words)).toEqual([]);
	expect(await filesWith(house.data, [key.subarray(-60).toString('latin1'), identity])).toEqual([]);
	const proofs = await filesWith(
		house.data,
		calls.map(({ id }) => id)
	);
	expect(proofs.filter((file) => !/^(access-log.log|pocketbase.data).db/.test(file))).toEqual([]);
	const folders = await readdir(path.join(house.data, 'pocketbase', 'storage'), { recursive: true });
	for (const { id } of calls) expect(folders.filter((name) => name.includes(id))).toEqual([]);
});

it('a copy of the whole data folder from before the sweep opens nothing with the keyring from after it', async () => {
	const one = await call(house, agent, new Date('2019-04-08T09:00:00Z'));
	const copy = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-copy-'));
	await cp(path.join(house.data, 'pocketbase'), copy, { recursive: true });
	at('2019-10-08T21:00:00Z');
	expect(await sweepNow(house)).toMatchObject({ recordings: 1 });
	const ring = await openKeyring(path.join(house.data, 'keys'), house.masterKey);
	const files = (await readdir(copy, { recursive: true, withFileTypes: true })).filter(
		(file) => file.parentPath.includes(one.id) && file.name.endsWith('.age')
	);
	expect(files.length).toBe(1);
	for (const file of files) {
		const bytes = await readFile(path.join(file.parentPath, file.name));
		const source = {
			size: bytes.length,
			read: (from: number, length: number) => bytes.subarray(from, from + length)
		};
		await expect(ring.identityFor(one.day)).rejects.toMatchObject({ reason: 'day_key_destroyed' });
		for (const day of (await ring.list()).days) {
			const refused = openSealed(source, await ring.identityFor(day));
			await expect(refused).rejects.toMatchObject({ reason: 'sealed_file_wrong_key' });
		}
	}
	await rm(copy, { recursive: true });
});

it('destroys the key of a day for which no call is left', async () => {
	await house.register.keyring.recipientFor('2019-04-20');
	at('2019-10-20T20:59:59Z');
	expect(await sweepNow(house)).toMatchObject({ keys: 0 });
	at('2019-10-20T21:00:00Z');
	expect(await sweepNow(house)).toMatchObject({ keys: 1, recordings: 0 });
});

it('stops before it has begun when far more is due than usual, in the log too, and goes on with the very number', async () => {
	const many: Planted[] = [];
	for (let count = 0; count < 11; count++) {
		many.push(await call(house, agent, new Date(Date.parse('2019-05-04T08:00:00Z') + count * hour)));
	}
	for (let count = 0; count < 3; count++) await call(house, agent, new Date('2019-05-06T08:00:00Z'));
	at('2019-11-04T22:00:00Z');
	const stopped = { why: 'more_than_usual', due: 11, usual: 3 };
	expect(await sweepNow(house)).toMatchObject({ recordings: 0, stopped });
	expect(await sweepNow(house, { agreed: 10 })).toMatchObject({ recordings: 0, stopped });
	const [last] = await house.register.accessLog.read({ limit: 1 });
	expect(last).toMatchObject({
		action: 'sweep',
		outcome: 'refused',
		reason: 'more_than_usual',
		measures: { recordings: 11, usual: 3 }
	});
	for (const one of many) expect(await leftOf(house, one)).toMatchObject(whole);
	const [before] = await house.superuser.collection('destruction_days').getFullList({ filter: 'day = "2019-11-05"' });
	expect(before).toBeUndefined();
	expect(await sweepNow(house, { agreed: 11 })).toEqual({
		recordings: 11,
		keys: 1,
		resealed: 0,
		holdsEnded: 0,
		latestSeconds: 0
	});
	const [figures] = await house.superuser.collection('destruction_days').getFullList({ filter: 'day = "2019-11-05"' });
	expect(figures).toMatchObject({ recordings: 11, keys: 1, latest_seconds: 0, within_15_minutes: 11, later: 0 });
});

it('destroys nothing when the log cannot take its line', async () => {
	const one = await call(house, agent, new Date('2019-05-08T08:00:00Z'));
	at('2019-11-08T22:00:00Z');
	const register = {
		...house.register,
		accessLog: { ...house.register.accessLog, append: () => Promise.reject(new Error('the log is full')) }
	};
	await expect(sweepNow({ ...house, register })).rejects.toThrow('the log is full');
	expect(await leftOf(house, one)).toMatchObject(whole);
	await sweepNow(house);
	expect(await leftOf(house, one)).toMatchObject(gone);
});
