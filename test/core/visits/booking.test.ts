import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { written } from '#pocketbase/collection.ts';
import * as requests from '#requests/request.ts';
import type { Desk } from '#requests/request.ts';
import { appointments } from '#visits/appointment-row.ts';
import * as booking from '#visits/booking.ts';
import { newCodes, recognised } from '#visits/code.ts';
import { invite } from '#visits/inviting.ts';
import { kiosks } from '#visits/kiosk.ts';
import { offers, officesWithKiosks } from '#visits/offers.ts';
import { arrive } from '#visits/visiting.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const sound = new Uint8Array(100);
let house: House;
let desk: Desk;
let agent: Awaited<ReturnType<typeof plant.person>>;
let seen = 0;

const entries = async () => (await house.register.accessLog.read({ limit: 10_000 })).reverse();
const fresh = async () => (await entries()).slice(seen);
const look = async () => (seen = (await entries()).length);

/** An office of its own, with so many kiosks and contact persons, and a request with a call of a minute. */
async function place(count = 1, fields: Record<string, unknown> = {}) {
	const office = await plant.office(house, fields);
	for (let people = 0; people < count; people++) {
		await plant.person(house, ['contact_person'], { offices: [office.id] });
	}
	const paired = await Promise.all(Array.from({ length: count }, () => plant.kiosk(house, office.id, desk.person.id)));
	return { office: office.id, kiosks: paired.map(({ id }) => id), request: await matched() };
}
async function matched(fields: Record<string, unknown> = {}, ...calls: Record<string, unknown>[]): Promise<string> {
	const bound = await Promise.all(
		(calls.length ? calls : [{}]).map((call) => plant.recording(house, agent.person, sound, call))
	);
	const recordings = bound.map(({ id }) => id);
	return (await plant.request(house, desk.person.id, { state: 'matched', recordings, ...fields })).id;
}
const offered = async (request: string, office: string) =>
	offers(house.register, desk, await requests.requests(desk.as).one(request), office);
async function firstOffer(request: string, office: string, which = 0) {
	const offer = (await offered(request, office))[which];
	if (!offer) throw new Error('nothing is offered');
	return { office, kiosk: offer.kiosk, starts: offer.starts };
}
const book = (request: string, wanted: Parameters<typeof booking.book>[3]) =>
	booking.book(house.register, desk, request, wanted);
const notSuiting = { by: 'customer', why: 'time_unsuitable' } as const;
/** Puts a hold of the request on a call, as binding does. */
const hold = (recording: string, request: string, until: Date) =>
	house.superuser.collection('holds').create({
		recording,
		request,
		ground: 'request',
		placed: written(new Date()),
		placed_by: desk.person.id,
		until: written(until),
		asked_until: written(until)
	});
const stateOf = async (request: string) => (await requests.requests(desk.as).one(request)).state;

beforeAll(async () => {
	house = await openHouse();
	desk = await plant.person(house, ['contact_person']);
	agent = await plant.person(house, ['agent']);
});
afterAll(() => house.close());
beforeEach(async () => {
	house.clock.now = undefined;
	await look();
});

describe('the times that are offered', () => {
	test('are free at some kiosk; a time goes when its last kiosk is taken', async () => {
		const { office, kiosks: both, request } = await place(2);
		const first = await firstOffer(request, office);
		await book(request, first);
		const second = await firstOffer(await matched(), office);
		expect(second.starts).toEqual(first.starts);
		expect([first.kiosk, second.kiosk].sort()).toEqual([...both].sort());
		await book(await matched(), second);
		expect((await firstOffer(await matched(), office)).starts.getTime()).toBeGreaterThan(first.starts.getTime());
	});

	test('leave out a revoked kiosk, and an office without one is not listed', async () => {
		const {
			office,
			kiosks: [kiosk = ''],
			request
		} = await place();
		expect((await officesWithKiosks(desk)).map(({ id }) => id)).toContain(office);
		await kiosks(house.superuser).update(kiosk, { revoked: written(new Date()) });
		expect((await officesWithKiosks(desk)).map(({ id }) => id)).not.toContain(office);
		expect(await offered(request, office)).toEqual([]);
	});

	test('stay taken while the visitor is there and after', async () => {
		const { office, request } = await place();
		const wanted = await firstOffer(request, office);
		const { id } = await book(request, wanted);
		await appointments(desk.as).update(id, { state: 'kept' });
		await expect(book(await matched(), wanted)).rejects.toMatchObject({ reason: 'slot_taken' });
	});

	test('are as long as the calls need, or as the contact person says, and never overlap a longer or a shorter one', async () => {
		// In the morning, so that no hour looked at here reaches beyond midnight.
		house.clock.now = new Date(new Date(Date.now() + 24 * 60 * minute).setUTCHours(6, 0, 0, 0));
		const { office, request } = await place(1, { slot_minutes: 15 });
		const { starts, ends } = await book(request, { ...(await firstOffer(request, office, 8)), minutes: 60 });
		expect(ends.getTime() - starts.getTime()).toBe(60 * minute);
		const other = await matched();
		const quarters = (await offered(other, office)).map(
			(offer) => (offer.starts.getTime() - starts.getTime()) / minute
		);
		// A call of a minute needs half an hour.
		expect(quarters.filter((one) => one > -60 && one < 90)).toEqual([-45, -30, 60, 75]);
		const long = await matched({}, { duration_ms: 20 * minute }, { duration_ms: 10 * minute });
		const [first] = await offered(long, office);
		expect((first?.ends.getTime() ?? 0) - (first?.starts.getTime() ?? 0)).toBe(75 * minute);
		const wanted = await firstOffer(other, office);
		await expect(book(other, { ...wanted, minutes: 20 })).rejects.toMatchObject({ kind: 'invalid', reason: 'slot' });
	});

	test('need a contact person who serves there, is trained until the end, and is nowhere else then', async () => {
		const { office, request } = await place(2);
		const { office: elsewhere } = await place(1);
		const [server] = await house.superuser.collection('staff').getFullList({ filter: `offices ~ "${office}"` });
		const [other] = await house.superuser.collection('staff').getFullList({ filter: `offices ~ "${elsewhere}"` });
		if (!server || !other) throw new Error('nobody serves');
		const [both] = await house.superuser
			.collection('staff')
			.getFullList({ filter: `offices ~ "${office}" && id != "${server.id}"` });
		await house.superuser.collection('staff').update(both?.id ?? '', { offices: [] });
		await house.superuser.collection('staff').update(server.id, { offices: [office, elsewhere] });
		await house.superuser.collection('staff').update(other.id, { offices: [] });
		const wanted = await firstOffer(request, office);
		expect((await book(request, wanted)).person).toBe(server.id);
		const there = await offered(await matched(), elsewhere);
		expect(there.map(({ starts }) => starts.getTime())).not.toContain(wanted.starts.getTime());
		expect(there.length).toBeGreaterThan(0);
		const [first] = await offered(await matched(), office);
		expect(first?.starts.getTime()).toBeGreaterThan(wanted.starts.getTime());
		await plant.train(house, server.id, -1);
		const trainings = await house.superuser.collection('trainings').getFullList({ filter: `person = "${server.id}"` });
		for (const { id, valid_until } of trainings) {
			if (String(valid_until) > written(new Date())) await house.superuser.collection('trainings').delete(id);
		}
		expect(await offered(await matched(), office)).toEqual([]);
	});

	test('are three on two days at least, further ahead than four weeks where that is needed', async () => {
		const closed = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
		const days = [40, 41].map((ahead) =>
			new Date(Date.now() + ahead * day).toLocaleDateString('sv-SE', { timeZone: 'Europe/Helsinki' })
		);
		const exceptions = Object.fromEntries(days.map((one) => [one, [['10:00', '12:00']]]));
		const { office } = await place(1, { opening_hours: closed, exceptions });
		const request = await matched({ due: written(new Date(Date.now() + 60 * day)) });
		const found = await offered(request, office);
		expect(found.map(({ remark }) => remark)).toEqual([undefined, undefined, undefined, undefined]);
		expect(new Set(found.map(({ starts }) => starts.toDateString())).size).toBe(2);
	});

	test('end when the call is destroyed, and say which are after the deadline', async () => {
		const { office } = await place(1);
		const destroyed = new Date(Date.now() + 5 * day);
		const request = await matched(
			{ due: written(new Date(Date.now() + 2 * day)) },
			{ destroy_after: written(destroyed) }
		);
		const found = await offered(request, office);
		expect(found.at(-1)?.ends.getTime()).toBeLessThanOrEqual(destroyed.getTime());
		expect(found.at(-1)?.remark).toBe('after_deadline');
		expect(found[0]?.remark).toBeUndefined();
		const late = {
			office,
			kiosk: found[0]?.kiosk ?? '',
			starts: new Date((found.at(-1)?.starts.getTime() ?? 0) + 3600_000)
		};
		await expect(book(request, late)).rejects.toMatchObject({ kind: 'too_late', reason: 'past_retention' });
	});

	test('with two calls say from when on only one is left', async () => {
		const { office } = await place();
		const soon = new Date(Date.now() + 2 * day);
		const request = await matched({}, { destroy_after: written(soon) }, {});
		for (const { ends, remark } of await offered(request, office)) {
			expect(remark).toBe(ends > soon ? 'some_destroyed' : undefined);
		}
	});
});

describe('a late time', () => {
	test('after the deadline needs a reason, which is kept and stands in the log', async () => {
		const { office } = await place();
		const request = await matched({ due: written(new Date(Date.now() + day)) });
		const late = (await offered(request, office)).find(({ remark }) => remark === 'after_deadline');
		if (!late) throw new Error('nothing late is offered');
		const wanted = { office, kiosk: late.kiosk, starts: late.starts };
		await expect(book(request, wanted)).rejects.toMatchObject({ kind: 'invalid', reason: 'late_reason' });
		await look();
		const { id } = await booking.book(house.register, desk, request, wanted, 'customer_wished');
		expect((await appointments(desk.as).one(id)).lateWhy).toBe('customer_wished');
		expect(await fresh()).toMatchObject([{ action: 'book_appointment', reason: 'customer_wished' }]);
		const inTime = await firstOffer(request, office);
		const moved = await booking.rebook(house.register, desk, id, inTime, notSuiting);
		expect(moved.lateWhy).toBeUndefined();
	});

	test('after the six months is one like the others while a hold keeps the call, and is marked where one of them has no hold', async () => {
		const { office } = await place();
		const gone = new Date(Date.now() + day);
		const request = await matched({}, { destroy_after: written(gone) });
		const [held = ''] = (await requests.requests(desk.as).one(request)).recordings;
		const until = new Date(Date.now() + 20 * day);
		await hold(held, request, until);
		const found = await offered(request, office);
		const afterwards = found.filter(({ starts }) => starts > gone);
		expect(afterwards.length).toBeGreaterThan(0);
		expect(found.filter(({ remark }) => remark !== undefined)).toEqual([]);
		// Not a minute longer than the hold.
		expect(found.filter(({ ends }) => ends > until)).toEqual([]);

		const other = await plant.recording(house, agent.person, sound, { destroy_after: written(gone) });
		await house.superuser.collection('requests').update(request, { 'recordings+': other.id });
		const late = (await offered(request, office)).find(({ starts }) => starts > gone);
		if (!late) throw new Error('nothing is offered');
		expect(late.remark).toBe('some_destroyed');
		const wanted = { office, kiosk: late.kiosk, starts: late.starts };
		await expect(book(request, wanted)).rejects.toMatchObject({ reason: 'late_reason' });
		const { state } = await booking.book(house.register, desk, request, wanted, 'need_arranged');
		expect(state).toBe('booked');
	});
});

describe('booking', () => {
	test('takes the hour for the request, in the log before it is taken', async () => {
		const { office, request } = await place();
		await look();
		const wanted = await firstOffer(request, office);
		const appointment = await book(request, wanted);
		expect(appointment).toMatchObject({ ...wanted, request, state: 'booked', sequence: 0, invited: false });
		expect(await stateOf(request)).toBe('booked');
		expect(await fresh()).toMatchObject([
			{ action: 'book_appointment', request, appointment: appointment.id, office, kiosk: wanted.kiosk, outcome: 'done' }
		]);
	});

	test('of one slot by twenty at once has exactly one winner, and the others are told that it was just taken', async () => {
		for (let round = 0; round < 5; round++) {
			const { office, request } = await place();
			const wanted = await firstOffer(request, office);
			const asking = await Promise.all(Array.from({ length: 20 }, () => matched()));
			await look();
			const results = await Promise.allSettled(asking.map((one) => book(one, wanted)));
			const winners = results.filter(({ status }) => status === 'fulfilled');
			expect(winners).toHaveLength(1);
			for (const result of results) {
				if (result.status === 'rejected')
					expect(result.reason).toMatchObject({ kind: 'conflict', reason: 'slot_taken' });
			}
			const rows = await appointments(house.superuser).list({ filter: 'office = {:office}', params: { office } });
			expect(rows).toHaveLength(1);
			const lines = await fresh();
			const faster = lines.filter(({ outcome, reason }) => outcome === 'refused' && reason === 'slot_taken');
			expect(lines.length - 2 * faster.length).toBe(1);
			const states = await Promise.all(asking.map(stateOf));
			expect(states.filter((state) => state === 'booked')).toHaveLength(1);
		}
	});

	test('twice for one request at once books one hour', async () => {
		const { office, request } = await place(2);
		const results = await Promise.allSettled(
			(await Promise.all([0, 1, 2].map((which) => firstOffer(request, office, which)))).map((wanted) =>
				book(request, wanted)
			)
		);
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		for (const result of results) {
			if (result.status === 'rejected') expect(result.reason).toMatchObject({ reason: 'already_booked' });
		}
	});

	test("takes only what is offered: no other time, no other office's kiosk", async () => {
		const { office, request } = await place();
		const other = await place();
		const wanted = await firstOffer(request, office);
		const shifted = { ...wanted, starts: new Date(wanted.starts.getTime() + 60_000) };
		await expect(book(request, shifted)).rejects.toMatchObject({ kind: 'invalid', reason: 'slot' });
		const foreign = { ...wanted, kiosk: other.kiosks[0] ?? '' };
		await expect(book(request, foreign)).rejects.toMatchObject({ kind: 'invalid', reason: 'slot' });
	});

	test('needs a bound call', async () => {
		const { office, request } = await place();
		const empty = await plant.request(house, desk.person.id);
		await expect(book(empty.id, await firstOffer(request, office))).rejects.toMatchObject({ reason: 'nothing_bound' });
	});
});

describe('an invitation', () => {
	test('carries codes of which the database keeps hashes only, and printing again kills the earlier ones', async () => {
		const { office, request } = await place();
		const { id } = await book(request, await firstOffer(request, office));
		await look();
		const first = await invite(house.register, desk, id);
		const row = await house.superuser.collection('appointments').getOne(id);
		expect(row).toMatchObject({
			token_hash: recognised(first.token)?.hash,
			code_hash: recognised(first.code)?.hash
		});
		expect(JSON.stringify(row)).not.toContain(first.token);
		expect(JSON.stringify(row)).not.toContain(first.code.replaceAll('-', ''));
		expect((await appointments(desk.as).one(id)).invited).toBe(true);
		const second = await invite(house.register, desk, id);
		expect(second).not.toEqual(first);
		const gone = await appointments(house.superuser).first({
			filter: 'token_hash = {:token} || code_hash = {:code}',
			params: { token: recognised(first.token)?.hash, code: recognised(first.code)?.hash }
		});
		expect(gone).toBeUndefined();
		expect(await fresh()).toMatchObject([
			{ action: 'print_invitation', appointment: id, request },
			{ action: 'print_invitation', appointment: id, request }
		]);
		expect(JSON.stringify(await fresh())).not.toContain(second.token);
	});

	test('is not made for an hour that is over or given back', async () => {
		const { office, request } = await place();
		const { id, ends } = await book(request, await firstOffer(request, office));
		house.clock.now = ends;
		await expect(invite(house.register, desk, id)).rejects.toMatchObject({
			kind: 'too_late',
			reason: 'slot_over'
		});
		house.clock.now = undefined;
		await booking.cancel(house.register, desk, id, notSuiting);
		await expect(invite(house.register, desk, id)).rejects.toMatchObject({ reason: 'not_booked' });
	});
});

describe('moving and giving back', () => {
	/** A kiosk with its hour now, and the code of an invitation to it. */
	async function invited() {
		const { office, request } = await place();
		const wanted = await firstOffer(request, office);
		const { id } = await book(request, wanted);
		const { token, code } = await invite(house.register, desk, id);
		return { id, office, request, wanted, token, code, kiosk: await kiosks(house.superuser).one(wanted.kiosk) };
	}

	test('a moved hour keeps its appointment, counts up its sequence, and its old codes open nothing', async () => {
		const { id, office, request, token, code, kiosk } = await invited();
		const later = await firstOffer(request, office, 3);
		const moved = await booking.rebook(house.register, desk, id, later, notSuiting);
		expect(moved).toMatchObject({ id, ...later, sequence: 1, invited: false, state: 'booked' });
		for (const old of [token, code]) {
			await expect(arrive(house.register, kiosk, old)).rejects.toMatchObject({ reason: 'code_not_accepted' });
		}
	});

	test('a move to a time that somebody took keeps the old time', async () => {
		const { id, office, request, wanted } = await invited();
		const later = await firstOffer(request, office, 1);
		await book(await matched(), later);
		await expect(booking.rebook(house.register, desk, id, later, notSuiting)).rejects.toMatchObject({
			reason: 'slot_taken'
		});
		expect(await appointments(desk.as).one(id)).toMatchObject({ ...wanted, sequence: 0, invited: true });
	});

	test('an hour that is given back is free again, and its code opens nothing', async () => {
		const { id, request, wanted, code, kiosk } = await invited();
		await booking.cancel(house.register, desk, id, notSuiting);
		expect(await stateOf(request)).toBe('matched');
		await expect(arrive(house.register, kiosk, code)).rejects.toMatchObject({ reason: 'code_not_accepted' });
		expect(await book(await matched(), wanted)).toMatchObject(wanted);
		await expect(booking.cancel(house.register, desk, id, notSuiting)).rejects.toMatchObject({ reason: 'not_booked' });
	});

	test('that nobody came can be said a quarter of an hour into it, frees the rest of it, and the request goes on', async () => {
		const { id, office, request, wanted, code, kiosk } = await invited();
		house.clock.now = new Date(wanted.starts.getTime() + 14 * minute);
		await expect(booking.missed(house.register, desk, id)).rejects.toMatchObject({ reason: 'not_over' });
		house.clock.now = new Date(wanted.starts.getTime() + 15 * minute);
		await look();
		await booking.missed(house.register, desk, id);
		expect(await appointments(desk.as).one(id)).toMatchObject({
			state: 'no_show',
			changedBy: 'us',
			changedWhy: 'did_not_come',
			sequence: 1
		});
		expect(await fresh()).toMatchObject([{ action: 'miss_appointment', appointment: id, request }]);
		expect(await stateOf(request)).toBe('matched');
		await expect(arrive(house.register, kiosk, code)).rejects.toMatchObject({ reason: 'code_not_accepted' });
		expect((await book(request, await firstOffer(request, office))).id).not.toBe(id);
		expect((await booking.earlier(desk, request)).map((hour) => hour.id)).toEqual([id]);
	});

	test('by whom and why are kept and stand in the log', async () => {
		const { id, office, request } = await invited();
		await look();
		await booking.rebook(house.register, desk, id, await firstOffer(request, office, 2), notSuiting);
		await booking.cancel(house.register, desk, id, { by: 'us', why: 'office_closed' });
		expect((await fresh()).map(({ action, reason }) => [action, reason])).toEqual([
			['move_appointment', 'time_unsuitable'],
			['cancel_appointment', 'office_closed']
		]);
		expect(await appointments(desk.as).one(id)).toMatchObject({
			changedBy: 'us',
			changedWhy: 'office_closed',
			sequence: 2
		});
	});

	test('neither happens while the visitor is at the kiosk, nor is the request closed then', async () => {
		const { id, office, request, code, kiosk } = await invited();
		await arrive(house.register, kiosk, code);
		const later = await firstOffer(request, office);
		const underWay = { kind: 'conflict', reason: 'visit_under_way' };
		await expect(booking.rebook(house.register, desk, id, later, notSuiting)).rejects.toMatchObject(underWay);
		await expect(booking.cancel(house.register, desk, id, notSuiting)).rejects.toMatchObject(underWay);
		await expect(booking.closeRequest(house.register, desk, request, 'heard')).rejects.toMatchObject(underWay);
		expect(await stateOf(request)).toBe('booked');
	});

	test('closing a request gives its hour back; with open wishes it changes nothing', async () => {
		const { id, request } = await invited();
		await house.superuser.collection('requests').update(request, { wishes: ['talk'] });
		await expect(booking.closeRequest(house.register, desk, request, 'heard')).rejects.toMatchObject({
			reason: 'wishes_open'
		});
		expect((await appointments(desk.as).one(id)).state).toBe('booked');
		await booking.closeRequest(house.register, desk, request, 'withdrawn');
		expect((await appointments(desk.as).one(id)).state).toBe('cancelled');
		expect(await stateOf(request)).toBe('closed');
	});
});

test.each([
	['an untrained contact person', ['contact_person'], null, 'training_missing'],
	['one whose training has expired', ['contact_person'], -1, 'training_expired'],
	['a maintainer', ['maintainer'], 100, 'wrong_role'],
	['an agent', ['agent'], 100, 'wrong_role']
] as const)('%s can neither see times, book, invite, move nor give back', async (_, roles, trainedFor, reason) => {
	const other = await plant.person(house, [...roles], { trainedFor });
	const { office, request } = await place();
	const wanted = await firstOffer(request, office);
	const { id } = await book(request, wanted);
	const open = await requests.requests(desk.as).one(request);
	const { register } = house;
	for (const one of [
		offers(register, other, open, office),
		booking.book(register, other, request, wanted),
		invite(register, other, id),
		booking.rebook(register, other, id, wanted, notSuiting),
		booking.cancel(register, other, id, notSuiting),
		booking.closeRequest(register, other, request, 'withdrawn')
	]) {
		await expect(one).rejects.toMatchObject({ kind: 'refused', reason });
	}
	// The second wall: the database itself does not let them.
	const hashes = { code_hash: recognised(newCodes().code)?.hash };
	await expect(appointments(other.as).update(id, hashes)).rejects.toMatchObject({ kind: 'missing' });
});
