import { rename } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { written } from '#pocketbase/collection.ts';
import { close } from '#requests/closing.ts';
import * as listing from '#requests/listing.ts';
import * as matching from '#requests/matching.ts';
import * as requests from '#requests/request.ts';
import type { Desk } from '#requests/request.ts';
import { answer } from '#requests/wishes.ts';
import { holds } from '#retention/holds.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

const day = 24 * 3600_000;
const sound = new Uint8Array(100);
let house: House;
let desk: Desk;
let untrained: Desk;
let agent: Awaited<ReturnType<typeof plant.person>>;
let seen = 0;

const entries = async () => (await house.register.accessLog.read({ limit: 10_000 })).reverse();
const fresh = async () => (await entries()).slice(seen);
const form = { channel: 'phone', language: 'sv', name: 'Testi Asiakas', reach: '', remembers: '' } as const;
const received = (fields = {}) => requests.receive(house.register, desk, { ...form, received: new Date(), ...fields });
const search = (request: string, clues = {}) =>
	matching.search(house.register, desk, request, {
		windows: [{ from: new Date(Date.now() - 30 * day), to: new Date() }],
		...clues
	});

beforeAll(async () => {
	house = await openHouse();
	desk = await plant.person(house, ['contact_person']);
	untrained = await plant.person(house, ['contact_person'], { trainedFor: null });
	agent = await plant.person(house, ['agent']);
});
afterAll(() => house.close());
beforeEach(async () => {
	house.clock.now = undefined;
	seen = (await entries()).length;
});

describe('taking a request in', () => {
	test('starts its month at the receipt, not at the entry, and is in the log by its id alone', async () => {
		const request = await received({ received: new Date('2026-01-31T12:00+02:00'), remembers: 'en paketti' });
		expect(request).toMatchObject({ state: 'received', language: 'sv', remembers: 'en paketti', recordings: [] });
		expect(request.due).toEqual(new Date('2026-03-03T00:00+02:00'));
		const lines = await fresh();
		expect(lines).toMatchObject([
			{ action: 'receive_request', actor: desk.person.id, role: 'contact_person', request: request.id, outcome: 'done' }
		]);
		expect(JSON.stringify(lines)).not.toMatch(/Testi|paketti/);
	});

	test('is refused for a receipt in the future', async () => {
		const tomorrow = new Date(Date.now() + day);
		await expect(received({ received: tomorrow })).rejects.toMatchObject({ reason: 'received_in_the_future' });
		expect(await fresh()).toEqual([]);
	});

	test('does not happen when the log cannot be written', async () => {
		const before = (await house.superuser.collection('requests').getList(1, 1)).totalItems;
		const folder = path.join(house.data, 'access-log');
		await rename(folder, `${folder}-away`);
		const failed = await received().catch((fault: unknown) => fault);
		await rename(`${folder}-away`, folder);
		expect(failed).toMatchObject({ kind: 'unavailable', reason: 'access_log_unwritable' });
		expect((await house.superuser.collection('requests').getList(1, 1)).totalItems).toBe(before);
	});
});

test('the open requests are listed with the next due first, and the closed ones are not', async () => {
	const late = await received({ received: new Date(Date.now() - 800 * day) });
	const closed = await received();
	await close(house.register, desk, closed.id, 'withdrawn');
	const matched = await received({ received: new Date(Date.now() - 900 * day) });
	await house.superuser.collection('requests').update(matched.id, { state: 'matched' });
	const { requests: open } = await listing.open(house.register, desk);
	expect(open.map(({ id }) => id)).not.toContain(closed.id);
	expect(open.slice(0, 2).map(({ id }) => id)).toEqual([matched.id, late.id]);
	const dues = open.map(({ due }) => due.getTime());
	expect(dues).toEqual([...dues].sort((a, b) => a - b));
});

describe('looking for the call', () => {
	test('gives the calls that fit, newest first, and each one shown is in the log first', async () => {
		const request = await received();
		const number = '+3585055500***';
		const old = await plant.recording(house, agent.person, sound, { customer_number_masked: number });
		const newer = await plant.recording(house, agent.person, sound, {
			customer_number_masked: number,
			answered: written(new Date(Date.now() - 2 * day))
		});
		seen = (await entries()).length;
		const { calls, more } = await search(request.id, { maskedNumber: number });
		expect(calls.map(({ id }) => id)).toEqual([newer.id, old.id]);
		expect(more).toBe(false);
		expect(await fresh()).toMatchObject([
			{ action: 'search_recordings', request: request.id, purpose: 'subject_access', measures: { results: 2 } },
			{ action: 'view_recording', recording: newer.id, request: request.id },
			{ action: 'view_recording', recording: old.id, request: request.id }
		]);
	});

	test('with a full number asks for the masked one only, and neither is in the log', async () => {
		const request = await received();
		const call = await plant.recording(house, agent.person, sound, { customer_number_masked: '+3585066611***' });
		const { calls } = await search(request.id, { maskedNumber: '050 6661 1234' });
		expect(calls.map(({ id }) => id)).toEqual([call.id]);
		expect(JSON.stringify(await fresh())).not.toMatch(/66611/);
	});

	test('never shows a call whose time is over, even if nothing has destroyed it yet', async () => {
		const request = await received();
		await plant.recording(house, agent.person, sound, {
			customer_number_masked: '+3585077722***',
			destroy_after: written(new Date(Date.now() + day))
		});
		expect((await search(request.id, { maskedNumber: '+3585077722***' })).calls).toHaveLength(1);
		house.clock.now = new Date(Date.now() + day);
		expect((await search(request.id, { maskedNumber: '+3585077722***' })).calls).toEqual([]);
	});

	test('is not possible in a closed request, nor for one whose training is missing', async () => {
		const request = await received();
		await expect(matching.search(house.register, untrained, request.id, { windows: [] })).rejects.toMatchObject({
			kind: 'refused',
			reason: 'training_missing'
		});
		await close(house.register, desk, request.id, 'nothing_found');
		await expect(search(request.id)).rejects.toMatchObject({ kind: 'conflict', reason: 'request_closed' });
	});
});

describe('binding a call', () => {
	test('names the second fact in the log and makes the request matched; unbinding takes both back', async () => {
		const request = await received();
		const call = await plant.recording(house, agent.person, sound);
		seen = (await entries()).length;
		const bound = await matching.bind(house.register, desk, request.id, call.id, { secondFact: 'employee' });
		expect(bound).toMatchObject({ state: 'matched', recordings: [call.id] });
		await matching.bind(house.register, desk, request.id, call.id, { secondFact: 'time' });
		const free = await matching.unbind(house.register, desk, request.id, call.id);
		expect(free).toMatchObject({ state: 'received', recordings: [] });
		expect(await fresh()).toMatchObject([
			{ action: 'bind_recording', request: request.id, recording: call.id, reason: 'employee' },
			{ action: 'hold_recording', request: request.id, recording: call.id, reason: 'request' },
			{ action: 'unbind_recording', request: request.id, recording: call.id },
			{ action: 'end_hold', request: request.id, recording: call.id, reason: 'unbound' }
		]);
	});

	test('keeps every one of several that are bound at once', async () => {
		const request = await received();
		const calls = await Promise.all(Array.from({ length: 5 }, () => plant.recording(house, agent.person, sound)));
		await Promise.all(
			calls.map(({ id }) => matching.bind(house.register, desk, request.id, id, { secondFact: 'subject' }))
		);
		const { recordings } = await requests.read(house.register, desk, request.id);
		expect([...recordings].sort()).toEqual(calls.map(({ id }) => id).sort());
	});

	test('is refused for a call whose time is over, for one that is not there, and in a closed request', async () => {
		const request = await received();
		const call = await plant.recording(house, agent.person, sound, {
			destroy_after: written(new Date(Date.now() + day))
		});
		const bind = (id: string) => matching.bind(house.register, desk, request.id, id, { secondFact: 'time' });
		await expect(bind('nosuchrecording')).rejects.toMatchObject({ kind: 'missing' });
		house.clock.now = new Date(Date.now() + day);
		await expect(bind(call.id)).rejects.toMatchObject({ kind: 'too_late', reason: 'past_retention' });
		house.clock.now = undefined;
		await close(house.register, desk, request.id, 'withdrawn');
		await expect(bind(call.id)).rejects.toMatchObject({ reason: 'request_closed' });
	});

	test('a bound call is shown with its line in the log, and one that is destroyed by now is left out', async () => {
		const request = await received();
		const [stays, goes] = await Promise.all([
			plant.recording(house, agent.person, sound),
			plant.recording(house, agent.person, sound)
		]);
		for (const { id } of [stays, goes])
			await matching.bind(house.register, desk, request.id, id, { secondFact: 'time' });
		const { recordings } = await requests.read(house.register, desk, request.id);
		// Whoever asked lets go of it first: what is held cannot be deleted.
		const [held] = await holds(house.superuser).list({ filter: 'recording = {:id}', params: { id: goes.id } });
		const ended = { ended: written(new Date()), ended_why: 'by_hand' };
		await house.superuser.collection('holds').update(held?.id ?? '', ended);
		await house.superuser.collection('recordings').delete(goes.id);
		seen = (await entries()).length;
		const calls = await matching.bound(house.register, desk, { ...request, recordings });
		expect(calls.map(({ id }) => id)).toEqual([stays.id]);
		expect(await fresh()).toMatchObject([{ action: 'view_recording', recording: stays.id, request: request.id }]);
	});
});

describe('closing', () => {
	test('says how and when, once; nothing opens it again', async () => {
		const request = await received();
		const closed = await close(house.register, desk, request.id, 'withdrawn');
		expect(closed).toMatchObject({ state: 'closed', closedAs: 'withdrawn' });
		expect(closed.closed).toBeInstanceOf(Date);
		await expect(close(house.register, desk, request.id, 'heard')).rejects.toMatchObject({
			reason: 'request_closed'
		});
		expect((await fresh()).slice(1)).toMatchObject([
			{ action: 'close_request', request: request.id, reason: 'withdrawn' }
		]);
	});

	test('waits for the wishes that the customer left', async () => {
		const { id } = await received();
		await house.superuser.collection('requests').update(id, { wishes: ['copy'] });
		const closing = () => close(house.register, desk, id, 'heard');
		await expect(closing()).rejects.toMatchObject({ kind: 'conflict', reason: 'wishes_open' });
		await answer(house.register, desk, id, { wish: 'copy', outcome: 'heard_instead' });
		expect(await closing()).toMatchObject({ state: 'closed' });
	});
});

test.each([
	['an agent', ['agent'], 'wrong_role'],
	['a supervisor', ['supervisor'], 'wrong_role'],
	['a maintainer', ['maintainer'], 'wrong_role'],
	['an auditor', ['auditor'], 'wrong_role']
] as const)('%s can neither take in, list, read, search, bind nor close', async (_, roles, reason) => {
	const other = await plant.person(house, [...roles]);
	const { id } = await received();
	const { register } = house;
	const tries = [
		requests.receive(register, other, { ...form, received: new Date() }),
		listing.open(register, other),
		listing.closed(register, other),
		requests.read(register, other, id),
		matching.search(register, other, id, { windows: [] }),
		matching.bind(register, other, id, id, { secondFact: 'time' }),
		close(register, other, id, 'withdrawn')
	];
	for (const one of tries) await expect(one).rejects.toMatchObject({ kind: 'refused', reason });
	// The second wall: the database itself shows them nothing.
	expect(await requests.requests(other.as).list({ filter: '' })).toEqual([]);
});
