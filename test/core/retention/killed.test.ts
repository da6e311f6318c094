import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verify } from '#access-log/verify.ts';
import { written } from '#pocketbase/collection.ts';
import { openRegister } from '#register.server.ts';
import { steps } from '#retention/steps.ts';
import { sweep } from '#retention/sweep.ts';
import type { Person } from '#staff/person.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { call, day, hour, leftOf, type Planted } from './scene.ts';

let house: House;
let agent: Person;
let contact: Person;
let auditor: Person;
beforeAll(async () => {
	house = await openHouse();
	({ person: agent } = await plant.person(house, ['agent']));
	({ person: contact } = await plant.person(house, ['contact_person']));
	({ person: auditor } = await plant.person(house, ['auditor']));
	// The sweeper is the one writer of the log.
	await house.register.accessLog.close();
	// The first comes to its end, and leaves what it compiled to those that are killed.
	expect(await sweepUntil()).toEqual(['swept\n', null]);
});
afterAll(() => house.close());

/** Sweeps in a process that dies after the step, if any; gives what it said and the signal that ended it. */
async function sweepUntil(step?: string): Promise<[said: string, signal: unknown]> {
	const sweeper = spawn(process.execPath, [path.join(import.meta.dirname, 'sweeper.ts'), step ?? ''], {
		env: { ...process.env, KUUNTELUPISTE_DATA: house.data, KUUNTELUPISTE_MASTER_KEY: house.masterKey },
		stdio: ['ignore', 'pipe', 'inherit']
	});
	const [said, [, signal]] = await Promise.all([text(sweeper.stdout), once(sweeper, 'exit')]);
	return [said, signal];
}

/** The next sweep, with everything opened afresh as the next process would. */
async function sweepAgain(): Promise<void> {
	const register = await openRegister(house.register.settings, house.url);
	await sweep(register, { driftMs: 0, silenceMs: 0 }).finally(() => register.accessLog.close());
}

function hold({ id }: Planted, until: Date, confirmedBy: string): Promise<unknown> {
	return house.superuser.collection('holds').create({
		recording: id,
		ground: 'legal_claim',
		placed: written(new Date()),
		placed_by: contact.id,
		until: written(until),
		asked_until: written(until),
		confirmed_by: confirmedBy
	});
}

function linesOf(id: string): number {
	const log = new DatabaseSync(path.join(house.data, 'access-log', 'log.db'), { readOnly: true });
	const rows = log.prepare("SELECT 1 FROM entries WHERE action = 'destroy_recording' AND recording = ?").all(id);
	log.close();
	return rows.length;
}

const gone = { row: false, folder: false, opens: false, certified: true };
const whole = { row: true, folder: true, opens: true };

it.each(Object.entries(steps))(
	'a sweep that is killed after the step %s (%s) leaves each recording whole or written down, and the next finishes',
	{ timeout: 120_000 },
	async (step) => {
		// A day of its own for each: one that goes, one that is held, one whose hold is over.
		const start = Date.now() - (200 + Object.keys(steps).indexOf(step)) * day;
		const plain = await call(house, agent, new Date(start));
		const held = await call(house, agent, new Date(start));
		const wasHeld = await call(house, agent, new Date(start));
		await hold(held, new Date(Date.now() + 100 * day), auditor.id);
		await hold(wasHeld, new Date(Date.now() - hour), '');

		expect(await sweepUntil(step)).toEqual(['', 'SIGKILL']);
		for (const one of [plain, wasHeld]) {
			const left = await leftOf(house, one);
			if (!left.record) expect(left).toMatchObject(whole);
			if (left.certified) expect(left).toMatchObject(gone);
		}
		expect(await leftOf(house, held)).toMatchObject(whole);
		expect(await verify(path.join(house.data, 'access-log'))).toMatchObject({ intact: true });

		await sweepAgain();
		for (const one of [plain, wasHeld]) {
			expect(await leftOf(house, one)).toMatchObject(gone);
			expect(linesOf(one.id)).toBe(1);
		}
		expect(await leftOf(house, held)).toMatchObject({ ...whole, record: undefined });
		const { days, recordings } = await house.register.keyring.list();
		expect(days).not.toContain(plain.day);
		expect(recordings).toContain(held.id);
		expect(await verify(path.join(house.data, 'access-log'))).toMatchObject({ intact: true });
	}
);
