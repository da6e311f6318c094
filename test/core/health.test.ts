import { mkdtemp, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alarms, readiness } from '#health.ts';
import { openHouse, type House } from '../support/house.ts';
import * as plant from '../support/plant.ts';
import { call, day } from './retention/scene.ts';

let house: House;
let second: string;
beforeEach(async () => {
	second = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-second-'));
	house = await openHouse({ KUUNTELUPISTE_CHECKPOINTS: second });
});
afterEach(async () => {
	await house.close();
	await rm(second, { recursive: true, force: true });
});

const kinds = () => alarms(house.register).map(({ kind }) => kind);
const line = { action: 'verify_log', role: 'system', outcome: 'done' } as const;

describe('the alarms', () => {
	it('say at once that the log cannot be written, before anybody tried, and end when it can', async () => {
		const log = path.join(house.data, 'access-log');
		expect(kinds()).toEqual([]);
		await house.register.accessLog.append(line);
		await rename(log, `${log}-away`);
		expect(kinds()).toEqual(['log_unwritable']);
		await expect(house.register.accessLog.append(line)).rejects.toMatchObject({ reason: 'access_log_unwritable' });
		await rename(`${log}-away`, log);
		expect(kinds()).toEqual([]);
	});

	it('say that the second place for checkpoints is away when it has been so for five minutes', async () => {
		house.clock.now = new Date('2026-11-24T12:00:00Z');
		await rename(second, `${second}-away`);
		await house.register.accessLog.append(line);
		await expect.poll(() => house.register.accessLog.checkpointsUnreachedSince).toEqual(house.clock.now);
		house.clock.now = new Date('2026-11-24T12:04:59Z');
		expect(kinds()).toEqual([]);
		house.clock.now = new Date('2026-11-24T12:05:00Z');
		expect(alarms(house.register)).toEqual([
			{ kind: 'checkpoints_unreached', since: new Date('2026-11-24T12:00:00Z') }
		]);
		await rename(`${second}-away`, second);
	});

	it('say that a verification found a break, and how many recordings a sweep asks for', async () => {
		for (let count = 0; count < 3; count++) await house.register.accessLog.append(line);
		const { person: agent } = await plant.person(house, ['agent']);
		for (let count = 0; count < 11; count++) await call(house, agent, new Date(Date.now() - 200 * day));
		await house.register.sweeps.run(house.register);
		expect(alarms(house.register)).toMatchObject([{ kind: 'sweep_stopped', recordings: 11 }]);
		await house.register.sweeps.run(house.register, { agreed: 11 });
		expect(kinds()).toEqual([]);

		const forger = new DatabaseSync(path.join(house.data, 'access-log', 'log.db'));
		forger.exec(`UPDATE entries SET canonical = replace(canonical, '"system"', '"auditor"') WHERE sequence = 2`);
		forger.close();
		const { verdict } = await house.register.accessLog.verify(line);
		expect(verdict).toEqual({ intact: false, sequence: 2, fault: 'edited' });
		expect(kinds()).toEqual(['log_broken']);
	});
});

it('ready is who has a database that answers, a keyring and a log that can be written', async () => {
	const [log, keys] = [path.join(house.data, 'access-log'), path.join(house.data, 'keys')];
	const all = { database: true, files: true, keyring: true, log: true };
	expect(await readiness(house.register)).toEqual(all);
	await rename(log, `${log}-away`);
	expect(await readiness(house.register)).toEqual({ ...all, log: false });
	await rename(`${log}-away`, log);
	await rename(keys, `${keys}-away`);
	expect(await readiness(house.register)).toEqual({ ...all, keyring: false });
	await rename(`${keys}-away`, keys);
	expect(await readiness(house.register)).toEqual(all);
	await house.server.stop();
	expect(await readiness(house.register)).toEqual({ ...all, database: false });
});
