import { randomBytes } from 'node:crypto';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import type { RecordModel } from 'pocketbase';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { KioskListener, StaffListener } from '#listening/listener.ts';
import { Listenings } from '#listening/listening.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

const sound = randomBytes(200_000);
let house: House;
let agent: Awaited<ReturnType<typeof plant.person>>;
let supervisor: Awaited<ReturnType<typeof plant.person>>;
let call: RecordModel;
let other: RecordModel;
let customer: KioskListener;
let listenings: Listenings;
let seen = 0;

beforeAll(async () => {
	house = await openHouse();
	const team = await plant.team(house);
	agent = await plant.person(house, ['agent'], { team: team.id });
	supervisor = await plant.person(house, ['supervisor'], { supervises: [team.id] });
	call = await plant.recording(house, agent.person, sound);
	other = await plant.recording(house, agent.person, sound);
	customer = {
		kind: 'kiosk',
		kiosk: { id: 'kiosk0000000001', office: 'office000000001' },
		visit: {
			id: 'visit0000000001',
			request: 'request00000001',
			appointment: 'appointment0001',
			kiosk: 'kiosk0000000001',
			state: 'player',
			ends: new Date(Date.now() + 3600_000),
			verifiedBy: 'person000000001',
			recordings: [call.id, other.id]
		}
	};
});
afterAll(() => house.close());
beforeEach(async () => {
	house.clock.now = undefined;
	listenings = new Listenings();
	seen = (await entries()).length;
});

const entries = async () => (await house.register.accessLog.read({ limit: 10_000 })).reverse();
const fresh = async () => (await entries()).slice(seen);
const open = (listener: KioskListener | StaffListener = customer, id = call.id) =>
	listenings.open(house.register, listener, id);
const end = (why = 'customer') => listenings.end(house.register, {}, why);
const asStaff = ({ person, token }: typeof agent): StaffListener => ({ kind: 'staff', person, token });

describe('a listening', () => {
	test('is in the log, with who, where and why, before it can be read', async () => {
		await open();
		expect(await fresh()).toMatchObject([
			{
				action: 'listen_begin',
				outcome: 'done',
				role: 'customer',
				purpose: 'subject_access',
				recording: call.id,
				kiosk: 'kiosk0000000001',
				office: 'office000000001',
				visit: 'visit0000000001',
				appointment: 'appointment0001',
				request: 'request00000001'
			}
		]);
		await end();
	});

	test('gives any stretch of the sound as it was before it was sealed', async () => {
		const { reader, audioType } = await open();
		expect(audioType).toBe('audio/wav');
		expect(reader.size).toBe(sound.length);
		expect(Buffer.from(await reader.read(65_000, 140_000)).equals(sound.subarray(65_000, 140_000))).toBe(true);
		await end();
	});

	test('has one beginning however many requests come, and one end', async () => {
		const hearings = await Promise.all(Array.from({ length: 20 }, () => open()));
		await open();
		expect(new Set(hearings.map(({ reader }) => reader)).size).toBe(1);
		await end();
		await end();
		expect((await fresh()).map(({ action }) => action)).toEqual(['listen_begin', 'listen_end']);
	});

	test('of another recording is another listening', async () => {
		await open();
		await open(customer, other.id);
		await listenings.end(house.register, { recording: other.id }, 'customer');
		expect((await fresh()).map(({ action, recording }) => [action, recording])).toEqual([
			['listen_begin', call.id],
			['listen_begin', other.id],
			['listen_end', other.id]
		]);
		await end();
	});

	test('stops what is running in the very moment in which it is ended, and cannot be read any more', async () => {
		const { reader, onEnd } = await open();
		let stopped = false;
		onEnd(() => (stopped = true));
		const ended = end();
		expect(stopped).toBe(true);
		await ended;
		await expect(reader.read(0, 10)).rejects.toThrow();
	});

	test('that ends while it is being opened gives nothing', async () => {
		const opening = open();
		const outcome = opening.then(
			() => 'opened',
			(fault: unknown) => fault
		);
		while (!(await fresh()).length) await new Promise(setImmediate);
		await end();
		expect(await outcome).toMatchObject({ kind: 'refused' });
		expect((await fresh()).map(({ action }) => action)).toEqual(['listen_begin', 'listen_end']);
	});

	test('that nobody uses ends by itself', async () => {
		listenings = new Listenings({ idleMs: 20 });
		await open().catch(() => undefined);
		await expect.poll(fresh).toMatchObject([{ action: 'listen_begin' }, { action: 'listen_end', reason: 'idle' }]);
	});

	test.each([
		['the kiosk', { kiosk: 'kiosk0000000001' }, true],
		['another kiosk', { kiosk: 'kiosk0000000002' }, false],
		['the visit', { visit: 'visit0000000001' }, true],
		['another visit at the kiosk', { kiosk: 'kiosk0000000001', visit: 'visit0000000002' }, false],
		['a person', { person: 'person000000001' }, false]
	])('ends when the end of %s is meant, or not', async (_, match, ends) => {
		let stopped = false;
		(await open()).onEnd(() => (stopped = true));
		await listenings.end(house.register, match, 'customer');
		expect(stopped).toBe(ends);
		await end();
	});
});

describe('what was heard', () => {
	// From one moment, however long the test takes.
	const start = Date.now();
	const minutes = (count: number) => new Date(start + count * 60_000);
	const tell = (heardSeconds: number) =>
		listenings.progress(house.register, customer, call.id, { positionMs: 5000, heardSeconds });

	test('is logged at most each half minute, and at the end', async () => {
		const start = Date.now();
		for (const second of [0, 10, 20, 31, 40, 62]) {
			house.clock.now = new Date(start + second * 1000);
			if (second === 0) await open();
			await tell(second);
		}
		await end();
		expect((await fresh()).map(({ action, measures }) => [action, measures])).toEqual([
			['listen_begin', undefined],
			['listen_heartbeat', { seconds_heard: 31, position_ms: 5000 }],
			['listen_heartbeat', { seconds_heard: 62, position_ms: 5000 }],
			['listen_end', { seconds_heard: 62 }]
		]);
	});

	test('is never more than twice the time that passed', async () => {
		house.clock.now = minutes(0);
		await open();
		house.clock.now = minutes(1);
		await tell(99_999);
		await end();
		expect((await fresh()).at(-1)).toMatchObject({ action: 'listen_end', measures: { seconds_heard: 120 } });
	});

	test('goes on being counted when the player begins anew', async () => {
		house.clock.now = minutes(0);
		await open();
		house.clock.now = minutes(5);
		for (const second of [10, 20, 4, 6]) await tell(second);
		await end();
		expect((await fresh()).at(-1)).toMatchObject({ measures: { seconds_heard: 26 } });
	});

	test('is told by its parts too, across jumps and a player that begins anew, never past the end', async () => {
		house.clock.now = minutes(0);
		await open();
		house.clock.now = minutes(1);
		const parts = ['0-12', '0-12,30-45', '', '11-20,50-9999', '358501234567-358501234568'];
		for (const ranges of parts) {
			await listenings.progress(house.register, customer, call.id, {
				positionMs: 0,
				heardSeconds: 1,
				ranges
			});
		}
		await end();
		expect((await fresh()).at(-1)).toMatchObject({ action: 'listen_end', heard: '0-20,30-45,50-60' });
	});

	test('is not believed of a listening that is not there', async () => {
		expect(await tell(10)).toBe(false);
		expect(await fresh()).toEqual([]);
	});
});

describe('a refusal', () => {
	test('is logged with its reason and opens nothing', async () => {
		const early = { ...customer, visit: customer.visit && { ...customer.visit, state: 'notice' } };
		await expect(open(early)).rejects.toMatchObject({ kind: 'refused', reason: 'not_released_yet' });
		expect(await fresh()).toMatchObject([
			{ action: 'open_audio', outcome: 'refused', reason: 'not_released_yet', recording: call.id, role: 'customer' }
		]);
	});

	test('ends the listening that was under way', async () => {
		await open();
		const revoked = { ...customer, kiosk: { ...customer.kiosk, revoked: new Date() } };
		await expect(open(revoked)).rejects.toMatchObject({ kind: 'refused' });
		expect((await fresh()).map(({ action, reason }) => [action, reason])).toEqual([
			['listen_begin', undefined],
			['listen_end', 'kiosk_revoked'],
			['open_audio', 'kiosk_revoked']
		]);
	});

	test('meets a recording that is past its six months even before it is destroyed', async () => {
		house.clock.now = new Date(call['destroy_after']);
		await expect(open()).rejects.toMatchObject({ reason: 'past_retention' });
	});

	test('meets a recording that does not exist like any other', async () => {
		await expect(open(customer, 'nosuchrecording')).rejects.toMatchObject({
			kind: 'refused',
			reason: 'no_such_recording'
		});
	});
});

describe('staff', () => {
	test('hear nothing before they have said what for, and it holds for one listening', async () => {
		const listener = asStaff(agent);
		await expect(open(listener)).rejects.toMatchObject({ reason: 'purpose_missing' });
		listenings.state(agent.person.id, call.id, 'verify_call');
		const { reader } = await open(listener);
		expect(Buffer.from(await reader.read(0, 100)).equals(sound.subarray(0, 100))).toBe(true);
		await end();
		await expect(open(listener)).rejects.toMatchObject({ reason: 'purpose_missing' });
		expect((await fresh())[1]).toMatchObject({
			action: 'listen_begin',
			actor: agent.person.id,
			role: 'agent',
			purpose: 'verify_call'
		});
	});

	test('a supervisor hears a current subordinate, and not the call of someone who left the team', async () => {
		listenings.state(supervisor.person.id, call.id, 'training_and_quality');
		await open(asStaff(supervisor));
		await end();
		listenings.state(supervisor.person.id, call.id, 'training_and_quality');
		await house.superuser.collection('staff').update(agent.person.id, { team: '' });
		await expect(open(asStaff(supervisor))).rejects.toMatchObject({ kind: 'refused' });
	});

	test("the database's own rules refuse too when the function would not", async () => {
		const stranger = await plant.person(house, ['agent']);
		const forged = { ...asStaff(stranger), person: { ...stranger.person, id: agent.person.id } };
		listenings.state(agent.person.id, call.id, 'verify_call');
		await expect(open(forged)).rejects.toMatchObject({ reason: 'no_such_recording' });
	});
});

describe('no line, no sound', () => {
	test('when the log cannot be written nothing is opened', async () => {
		const folder = path.join(house.data, 'access-log');
		await rename(folder, `${folder}-away`);
		const opening = open();
		await expect(opening).rejects.toMatchObject({ kind: 'unavailable', reason: 'access_log_unwritable' });
		await rename(`${folder}-away`, folder);
		expect(await fresh()).toEqual([]);
	});

	test('when it cannot be written any more what runs is stopped', async () => {
		house.clock.now = new Date();
		let stopped = false;
		(await open()).onEnd(() => (stopped = true));
		house.clock.now = new Date(house.clock.now.getTime() + 31_000);
		const folder = path.join(house.data, 'access-log');
		await rename(folder, `${folder}-away`);
		const beat = listenings.progress(house.register, customer, call.id, { positionMs: 0, heardSeconds: 31 });
		await expect(beat).rejects.toMatchObject({ kind: 'unavailable' });
		await rename(`${folder}-away`, folder);
		expect(stopped).toBe(true);
	});
});
