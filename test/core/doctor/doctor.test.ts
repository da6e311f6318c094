import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '#doctor/doctor.ts';
import type { Finding } from '#doctor/finding.ts';
import { inWords } from '#doctor/words.ts';
import { clock, disk, reach, servedVersion, versions } from '#doctor/machine.ts';
import { written } from '#pocketbase/collection.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { kuuntelupiste } from '../commands/running.ts';
import { call, day } from '../retention/scene.ts';

let house: House;
let second: string;
let agent: Awaited<ReturnType<typeof plant.person>>;
beforeAll(async () => {
	second = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-second-'));
	house = await openHouse({ KUUNTELUPISTE_CHECKPOINTS: second, KUUNTELUPISTE_ORIGIN: 'http://127.0.0.1:1' });
	agent = await plant.person(house, ['agent']);
	const office = await plant.office(house);
	const kiosk = await plant.kiosk(house, office.id, agent.person.id);
	await house.superuser.collection('kiosks').update(kiosk.id, { last_seen: written(new Date()) });
	await call(house, agent.person, ago(20));
	await house.register.accessLog.append([
		{ action: 'system_start', role: 'system', outcome: 'done' },
		{ action: 'make_backup', role: 'system', purpose: 'administration', outcome: 'done' },
		{ action: 'restore_drill', role: 'system', purpose: 'administration', outcome: 'done' }
	]);
});
afterAll(async () => {
	await house.close();
	await rm(second, { recursive: true, force: true });
});

const ago = (days: number): Date => new Date(Date.now() - days * day);
const inData = (...names: string[]): string => path.join(house.data, ...names);

/** Every finding by its check. */
async function findings({
	at = new Date(),
	settings = {}
}: { at?: Date; settings?: Partial<House['register']['settings']> } = {}) {
	const found = await Array.fromAsync(examine({ ...house.register.settings, ...settings }, at));
	return Object.fromEntries(found.map((one) => [one.name, { state: one.state, ...inWords(one, 'en') }]));
}

/** Plants a fault in PocketBase's own file, past PocketBase; gives what takes it away again. */
function inDatabase(plant: string, unplant: string): () => void {
	const run = (statement: string): void => {
		const database = new DatabaseSync(inData('pocketbase', 'data.db'), { timeout: 5000 });
		database.exec(statement);
		database.close();
	};
	run(plant);
	return () => run(unplant);
}

it('a register that is well has nothing to act on, and what is only to be looked at says what to do', async () => {
	const found = await findings();
	for (const [name, { state, says, todo }] of Object.entries(found)) {
		const expected = name === 'certificate' ? 'look' : 'fine';
		expect([name, state], says).toEqual([name, expected]);
		expect(todo === undefined).toBe(state === 'fine');
		expect(says).not.toMatch(/[{}]/);
	}
	expect(Object.keys(found)).toHaveLength(16);
});

describe('a planted fault is found by its check, and by no other:', () => {
	const faults: [
		what: string,
		check: string,
		state: Finding['state'],
		says: RegExp,
		plant: () => Promise<() => unknown>
	][] = [
		[
			'a key that others may read',
			'keyring',
			'act',
			/cannot be used/,
			async () => {
				await chmod(inData('keys', 'keyring.age'), 0o644);
				return () => chmod(inData('keys', 'keyring.age'), 0o600);
			}
		],
		[
			'a day key that is missing',
			'keyring',
			'act',
			/recordings have no key: 1, /,
			async () => {
				const [name = ''] = (await house.register.keyring.list()).days;
				await rename(inData('keys', 'days', `${name}.age`), inData('aside'));
				return () => rename(inData('aside'), inData('keys', 'days', `${name}.age`));
			}
		],
		[
			'a rule that lets everybody in',
			'rules',
			'act',
			/recordings\.listRule/,
			async () => {
				const [rule] = [(await house.superuser.collections.getOne('recordings')).listRule];
				return inDatabase(
					"UPDATE _collections SET listRule = '' WHERE name = 'recordings'",
					`UPDATE _collections SET listRule = '${String(rule).replaceAll("'", "''")}' WHERE name = 'recordings'`
				);
			}
		],
		[
			'a rule that lets nobody in where somebody must',
			'rules',
			'act',
			/staff\.authRule/,
			async () =>
				inDatabase(
					"UPDATE _collections SET options = json_set(options, '$.authRule', NULL) WHERE name = 'staff'",
					"UPDATE _collections SET options = json_set(options, '$.authRule', 'active = true') WHERE name = 'staff'"
				)
		],
		[
			'a collection of somebody’s own',
			'rules',
			'act',
			/not as built: 1 \(copies\)/,
			async () =>
				inDatabase(
					"INSERT INTO _collections (id, name, type, system) VALUES ('abcdefghijklmno', 'copies', 'base', 0)",
					"DELETE FROM _collections WHERE name = 'copies'"
				)
		],
		[
			'a data folder of a newer version',
			'folder',
			'act',
			/newer version/,
			async () =>
				inDatabase(
					"INSERT INTO _migrations (file, applied) VALUES ('1999000000_future.js', 1)",
					"DELETE FROM _migrations WHERE file = '1999000000_future.js'"
				)
		],
		[
			'a data folder of an older version',
			'folder',
			'look',
			/migrations still to come: 1/,
			async () => {
				const file = '1764300100_own_password.js';
				return inDatabase(
					`DELETE FROM _migrations WHERE file = '${file}'`,
					`INSERT INTO _migrations (file, applied) VALUES ('${file}', 1)`
				);
			}
		],
		[
			'a recording past its time',
			'retention',
			'act',
			/recordings past their time: 1/,
			async () => {
				const late = `destroy_after = '${written(ago(1))}'`;
				const rows = await house.superuser.collection('recordings').getFullList();
				return inDatabase(
					`UPDATE recordings SET ${late}`,
					`UPDATE recordings SET destroy_after = '${String(rows[0]?.['destroy_after'])}'`
				);
			}
		],
		[
			'a kiosk that nobody has heard of',
			'kiosks',
			'look',
			/kiosks not seen for a day: 1/,
			async () =>
				inDatabase(
					`UPDATE kiosks SET last_seen = '${written(ago(2))}'`,
					`UPDATE kiosks SET last_seen = '${written(new Date())}'`
				)
		],
		[
			'a kiosk that shows an older page',
			'kiosks',
			'look',
			/older page than the server has: 1/,
			async () =>
				inDatabase("UPDATE kiosks SET page_version = 'older'", `UPDATE kiosks SET page_version = '${servedVersion()}'`)
		],
		[
			'a training that is over',
			'training',
			'look',
			/training is missing or over, .*: 1/,
			async () =>
				inDatabase(
					`UPDATE trainings SET valid_until = '${written(ago(1))}' WHERE course = 'system_use'`,
					`UPDATE trainings SET valid_until = '${written(ago(-100))}'`
				)
		],
		[
			'a training that ends soon',
			'training',
			'look',
			/ends within 30 days: 1/,
			async () =>
				inDatabase(
					`UPDATE trainings SET valid_until = '${written(ago(-5))}' WHERE course = 'system_use'`,
					`UPDATE trainings SET valid_until = '${written(ago(-100))}'`
				)
		],
		[
			'a request past its deadline',
			'deadlines',
			'act',
			/requests past the deadline: 1/,
			async () => {
				const { id } = await plant.request(house, agent.person.id, { due: written(ago(1)) });
				return () =>
					house.superuser
						.collection('requests')
						.update(id, { state: 'closed', closed_as: 'withdrawn', closed: written(new Date()) });
			}
		],
		[
			'a second place that is away',
			'log',
			'act',
			/second place .* cannot be read/,
			async () => {
				await rename(second, `${second}-away`);
				return () => rename(`${second}-away`, second);
			}
		]
	];
	it.each(faults)('%s', async (_what, check, state, says, plant) => {
		const unplant = await plant();
		try {
			const { [check]: found, ...others } = await findings();
			expect(found).toMatchObject({ state, says: expect.stringMatching(says), todo: expect.stringMatching(/\w/) });
			for (const [name, other] of Object.entries(others)) {
				if (name !== 'certificate') expect([name, other.state, other.says]).toEqual([name, 'fine', other.says]);
			}
		} finally {
			await unplant();
		}
	});

	it('the settings’: another master key, no second place for checkpoints', async () => {
		expect((await findings({ settings: { masterKey: await newMasterKey() } }))['keyring']).toMatchObject({
			state: 'act',
			detail: expect.stringContaining('master key does not open')
		});
		expect((await findings({ settings: { checkpoints: undefined } }))['log']).toMatchObject({ state: 'look' });
	});

	it('the machine’s: a clock behind the log, a disk that fills, a PocketBase that all can reach, another Node, another PocketBase', async () => {
		expect(clock(inData('access-log'), ago(1))).toMatchObject({
			state: 'act',
			said: 'clock_behind'
		});
		expect(disk(house.data, { free: 2 ** 29, whole: 2 ** 40 }).state).toBe('act');
		expect(disk(house.data, { free: 2 ** 32, whole: 2 ** 36 }).state).toBe('look');
		expect(disk(house.data, { free: 2 ** 39, whole: 2 ** 40 }).state).toBe('fine');
		expect((await reach(house.data, 'http://0.0.0.0:8090')).state).toBe('act');
		expect((await versions(undefined, '20.1.0')).state).toBe('look');
		expect((await versions('/nowhere/pocketbase')).state).toBe('act');
	});

	it('the restore drill’s: half a year ago', async () => {
		const at = (days: number) => findings({ at: new Date(Date.now() + days * day) });
		expect((await at(199))['drill']?.state).toBe('fine');
		expect((await at(200))['drill']?.state).toBe('look');
	});

	it('the backup’s: made too long ago', async () => {
		const at = (hours: number) => findings({ at: new Date(Date.now() + hours * 3600_000) });
		expect((await at(25))['backup']?.state).toBe('fine');
		expect((await at(27))['backup']?.state).toBe('look');
		expect((await at(73))['backup']?.state).toBe('act');
	});
});

it('whatever a check finds has its words in three languages, with nothing left open', async () => {
	for (const found of await Array.fromAsync(examine(house.register.settings, new Date()))) {
		for (const language of ['fi', 'sv', 'en'] as const) {
			const { name, says, todo = '' } = inWords(found, language);
			expect([name, says, todo].join(' ')).not.toMatch(/doctor_|[{}]|undefined/);
		}
	}
});

it('an edited log is found, the command says it in a line each, and its exit code is 1', async () => {
	const environment = {
		KUUNTELUPISTE_DATA: house.data,
		KUUNTELUPISTE_MASTER_KEY: house.masterKey,
		KUUNTELUPISTE_CHECKPOINTS: second
	};
	const well = await kuuntelupiste(['doctor'], environment);
	expect([well.code, well.err]).toEqual([0, '']);
	expect(well.out).toMatch(/^fine  clock: .*\n(.*\n)+\d+ fine, \d to look at, 0 to act on\n$/);
	const log = new DatabaseSync(inData('access-log', 'log.db'), { timeout: 5000 });
	log.exec("UPDATE entries SET canonical = replace(canonical, 'system_start', 'system_stop') WHERE sequence = 1");
	log.close();
	const ill = await kuuntelupiste(['doctor'], environment);
	expect(ill.code).toBe(1);
	expect(ill.out).toContain(
		'act   access log: the access log is broken at entry 1 (edited) → touch nothing; tell the auditor\n'
	);
	expect(ill.out).toContain(', 1 to act on\n');
});
