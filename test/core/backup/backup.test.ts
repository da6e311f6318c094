import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { takeOrders } from '#commands/beside.ts';
import { verify } from '#access-log/verify.ts';
import { written } from '#pocketbase/collection.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { newClient } from '#pocketbase/pocketbase.ts';
import { startServer } from '#pocketbase/server.ts';
import { newMasterKey, openKeyring } from '#sealing/keyring.ts';
import type { Person } from '#staff/person.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { superuser } from '../../support/superuser.ts';
import { kuuntelupiste } from '../commands/running.ts';
import { call, day, filesWith, leftOf, sweepNow, type Planted } from '../retention/scene.ts';

let house: House;
let agent: Person;
let folder: string;
let environment: Record<string, string>;
let orders: { close(): Promise<void> };
beforeAll(async () => {
	house = await openHouse();
	orders = await takeOrders(house.register);
	({ person: agent } = await plant.person(house, ['agent']));
});
afterAll(async () => {
	await orders.close();
	await house.close();
});
beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-backup-'));
	environment = { KUUNTELUPISTE_DATA: house.data, KUUNTELUPISTE_MASTER_KEY: house.masterKey };
	return () => rm(folder, { recursive: true, force: true });
});

const daysAgo = (days: number): Date => new Date(Date.now() - days * day);
const at = (...names: string[]): string => path.join(folder, ...names);
const only = async (place: string): Promise<string> => path.join(place, (await readdir(place))[0] ?? '');
const backUp = () => kuuntelupiste(['backup', at('copies'), '--keys', at('keys')], environment);
const restore = async (to: string, ...more: string[]) =>
	kuuntelupiste(['restore', await only(at('copies')), '--keys', await only(at('keys')), ...more], {
		...environment,
		KUUNTELUPISTE_DATA: at(to)
	});

/** What is left of calls in a data folder that no server runs on. */
async function leftIn(data: string, calls: Planted[]) {
	const server = await startServer({ program: await findProgram(undefined), data });
	try {
		const client = newClient(server.url);
		await client.collection('_superusers').authWithPassword(superuser.email, superuser.password);
		const keyring = await openKeyring(path.join(data, 'keys'), house.masterKey);
		const elsewhere = { ...house, data, superuser: client, register: { ...house.register, keyring } };
		return await Promise.all(calls.map((one) => leftOf(elsewhere, one)));
	} finally {
		await server.stop();
	}
}

it('what a sweep destroyed after a backup does not play where it is restored; everything else does, and the log is whole', async () => {
	const [over, fresh] = [await call(house, agent, daysAgo(200)), await call(house, agent, daysAgo(20))];
	const made = await backUp();
	expect([made.code, made.err]).toEqual([0, '']);
	expect(made.out).toMatch(/: 2 recordings, \d+ entries of the access log\n.*: the keys\nRead again and found whole/);
	await sweepNow(house);
	expect(await leftOf(house, over)).toMatchObject({ row: false, certified: true });

	const again = await restore('elsewhere');
	expect([again.code, again.err]).toEqual([0, '']);
	expect(again.out).toMatch(/^1 recordings restored, 1 destroyed again\nThe access log has \d+ entries/);
	expect(await leftIn(at('elsewhere'), [over, fresh])).toMatchObject([
		{ row: false, folder: false, opens: false, certified: true },
		{ row: true, folder: true, opens: true }
	]);
	expect(await verify(at('elsewhere', 'access-log'))).toMatchObject({ intact: true });
});

it('what was held when the backup was made, and destroyed since, is destroyed again by the later log', async () => {
	const held = await call(house, agent, daysAgo(200));
	const contact = await plant.person(house, ['contact_person']);
	const hold = await house.superuser.collection('holds').create({
		recording: held.id,
		ground: 'legal_claim',
		placed: written(daysAgo(30)),
		placed_by: contact.person.id,
		confirmed_by: contact.person.id,
		until: written(new Date(Date.now() + 30 * day)),
		asked_until: written(new Date(Date.now() + 30 * day))
	});
	await sweepNow(house);
	expect(await leftOf(house, held)).toMatchObject({ row: true, opens: true });
	expect((await backUp()).code).toBe(0);
	await house.superuser.collection('holds').update(hold.id, { ended: written(new Date()), ended_why: 'by_hand' });
	await sweepNow(house);
	expect(await leftOf(house, held)).toMatchObject({ row: false, certified: true });

	const again = await restore('elsewhere', '--log', path.join(house.data, 'access-log'));
	expect([again.code, again.err]).toEqual([0, '']);
	expect(again.out).toContain(' 1 destroyed again\n');
	expect(await leftIn(at('elsewhere'), [held])).toMatchObject([{ row: false, folder: false, certified: true }]);
	expect(await filesWith(at('elsewhere'), [held.marker])).toEqual([]);
});

it('a drill restores a copy elsewhere, opens what it holds, writes it down, and leaves nothing behind', async () => {
	await call(house, agent, daysAgo(12));
	await backUp();
	await mkdir(at('room'));
	const words = [await only(at('copies')), '--keys', await only(at('keys')), '--in', at('room')];
	const { code, out, err } = await kuuntelupiste(['drill', ...words], environment);
	expect([code, err]).toEqual([0, '']);
	const [, restored, opened] = /^(\d+) recordings restored, 0 destroyed again, (\d+) opened whole\n/.exec(out) ?? [];
	expect(Number(restored)).toBeGreaterThan(0);
	expect(opened).toBe(restored);
	expect(await readdir(at('room'))).toEqual([]);
	const [line] = await house.register.accessLog.read({ limit: 1, where: { action: 'restore_drill' } });
	expect(line).toMatchObject({ outcome: 'done', measures: { recordings: Number(restored) } });

	await appendFile(path.join(await only(at('copies')), 'access-log', 'log.db'), 'x');
	const damaged = await kuuntelupiste(['drill', ...words], environment);
	expect(damaged.code).toBe(1);
	expect(await readdir(at('room'))).toEqual([]);
	expect(await house.register.accessLog.read({ limit: 9, where: { action: 'restore_drill' } })).toHaveLength(1);
});

describe('of the two copies', () => {
	it('the register’s holds no key, both are for their owner only, and their lists are what sha256sum reads', async () => {
		await backUp();
		const register = await only(at('copies'));
		expect(
			(await readdir(register, { recursive: true })).filter((name) => /keys|\.pem$|\.age\/|master/.test(name))
		).toEqual([]);
		expect(await filesWith(register, ['AGE-SECRET-KEY', 'PRIVATE KEY'])).toEqual([]);
		for (const place of [register, await only(at('keys'))]) {
			execFileSync('sha256sum', ['--check', '--quiet', '--strict', 'SHA256SUMS'], { cwd: place });
		}
		expect(execFileSync('find', [folder, '-perm', '/077', '-not', '-path', folder], { encoding: 'utf8' })).toBe('');
	});

	it('the keys’ is destroyed after seven days, also one that was never finished; what else lies beside it stays', async () => {
		for (const name of ['2026-01-01T000000Z', '2026-01-02T000000Z.unfinished']) {
			await mkdir(at('keys', name, 'keys'), { recursive: true });
			await writeFile(at('keys', name, 'keys', 'old.age'), 'an old key');
		}
		await writeFile(at('keys', 'notes.txt'), 'not ours');
		expect((await backUp()).out).toContain(': the keys; 2 old copies of the keys destroyed\n');
		expect(await readdir(at('keys'))).toEqual([expect.stringMatching(/^20\d\d-.*Z$/), 'notes.txt']);
	});

	it('the register’s that a killed backup left is gone with the next night’s; a young one and what is not ours stay', async () => {
		const young = `${new Date(Date.now() - 3600_000).toISOString().slice(0, 19).replaceAll(':', '')}Z.unfinished`;
		const [killed, older] = ['2026-01-02T000000Z.unfinished', '2026-01-01T000000Z'];
		for (const name of [killed, older, young, 'other.unfinished']) {
			await mkdir(at('copies', name, 'pocketbase'), { recursive: true });
			await writeFile(at('copies', name, 'pocketbase', 'data.db'), 'half of it');
		}
		const { code, err } = await backUp();
		expect([code, err]).toEqual([0, '']);
		const left = await readdir(at('copies'));
		expect(left).not.toContain(killed);
		expect(left).toEqual(expect.arrayContaining([older, young, 'other.unfinished']));
		expect(left).toHaveLength(4);
	});

	it('neither may lie in the other, or in the data folder', async () => {
		for (const [to, keys] of [
			[at('copies'), at('copies', 'keys')],
			[path.join(house.data, 'copies'), at('keys')],
			[at('copies'), house.data]
		] as const) {
			const { code, err } = await kuuntelupiste(['backup', to, '--keys', keys], environment);
			expect(code).toBe(1);
			expect(err).toMatch(/^kuuntelupiste: The copies of the register and of the keys go to two folders[^\n]*\n$/);
		}
	});
});

describe('nothing is restored', () => {
	const empty = async (name: string) => readdir(at(name)).catch(() => []);

	it('from a copy of which one byte is another, one file is gone, or whose list leads elsewhere', async () => {
		await call(house, agent, daysAgo(15));
		await backUp();
		const register = await only(at('copies'));
		const list = await readFile(path.join(register, 'SHA256SUMS'), 'utf8');
		const sealed = /storage\/\S+/.exec(list)?.[0] ?? '';
		const file = path.join(register, 'pocketbase', sealed);
		const whole = await readFile(file);
		const damages: (() => Promise<void>)[] = [
			() => appendFile(file, 'x'),
			() => rm(file),
			() => writeFile(path.join(register, 'SHA256SUMS'), list.replace('pocketbase/data.db', '../../data.db')),
			() => writeFile(path.join(register, 'backup.json'), '{}')
		];
		for (const damage of damages) {
			await damage();
			const { code, err } = await restore('elsewhere');
			expect(code).toBe(1);
			expect(err).toMatch(/^kuuntelupiste: .* is not as it was written: nothing was restored from this copy[^\n]*\n$/);
			expect(await empty('elsewhere')).toEqual([]);
			await writeFile(file, whole);
			await writeFile(path.join(register, 'SHA256SUMS'), list);
		}
	});

	it('into a folder that holds anything, with another master key, or with the log of another register', async () => {
		await backUp();
		await mkdir(at('full'));
		await writeFile(at('full', 'a'), 'mine');
		expect((await restore('full')).err).toContain('is not empty');
		expect(await readdir(at('full'))).toEqual(['a']);
		environment['KUUNTELUPISTE_MASTER_KEY'] = await newMasterKey();
		expect((await restore('elsewhere')).err).toContain('The master key does not open');
		expect(await empty('elsewhere')).toEqual([]);
		environment['KUUNTELUPISTE_MASTER_KEY'] = house.masterKey;
		const other = await openHouse();
		await other.register.accessLog.append({ action: 'sweep', role: 'system', outcome: 'done' });
		expect((await restore('elsewhere', '--log', path.join(other.data, 'access-log'))).err).toContain(
			'is not that of this register'
		);
		await other.close();
		expect(await empty('elsewhere')).toEqual([]);
	});
});
