import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { written } from '#pocketbase/collection.ts';
import { alikeName, alikeReach } from '#requests/alike.ts';
import { checkByEar } from '#requests/check.ts';
import { close } from '#requests/closing.ts';
import { due, extended, longest } from '#requests/deadline.ts';
import { likely } from '#requests/duplicates.ts';
import { extend } from '#requests/extension.ts';
import { history } from '#requests/history.ts';
import { write } from '#requests/letters.ts';
import * as matching from '#requests/matching.ts';
import * as requests from '#requests/request.ts';
import type { Desk } from '#requests/request.ts';
import { risks } from '#requests/risk.ts';
import { answer, wish } from '#requests/wishes.ts';
import { holds } from '#retention/holds.ts';
import { recordings } from '#recordings/recording.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

const day = 24 * 3600_000;
const sound = new Uint8Array(100);
let house: House;
let desk: Desk;
let agent: Awaited<ReturnType<typeof plant.person>>;

beforeAll(async () => {
	house = await openHouse();
	desk = await plant.person(house, ['contact_person'], { name: 'Kaisa Koivuranta' });
	agent = await plant.person(house, ['agent']);
});
afterAll(() => house.close());

const form = { channel: 'phone', language: 'fi', name: 'Testi Asiakas', reach: '', remembers: '' } as const;
const received = (fields = {}) =>
	requests.receive(house.register, desk, { ...form, received: new Date(Date.now() - day), ...fields });
const call = (fields = {}) => plant.recording(house, agent.person, sound, fields);
const linesOf = async (request: string) =>
	(await house.register.accessLog.read({ limit: 1000, where: { request } })).reverse();
const bind = (request: string, recording: string) =>
	matching.bind(house.register, desk, request, recording, { secondFact: 'subject' });

describe('what the customer wants besides listening', () => {
	test('a copy is a task that keeps the request open until its outcome is written down, and that can be undone', async () => {
		const { id, wishes } = await received({ wants: ['listen', 'copy'], needs: ['hearing_loop', 'interpreter'] });
		expect(wishes).toEqual(['copy']);
		await expect(close(house.register, desk, id, 'heard')).rejects.toMatchObject({ reason: 'wishes_open' });
		const answered = await answer(house.register, desk, id, { wish: 'copy', outcome: 'heard_instead' });
		expect(answered).toMatchObject({ wishes: [], outcomes: [{ wish: 'copy', outcome: 'heard_instead' }] });
		await expect(answer(house.register, desk, id, { wish: 'copy', outcome: 'done' })).rejects.toMatchObject({
			reason: 'wish_not_open'
		});
		expect(await wish(house.register, desk, id, 'copy')).toMatchObject({ wishes: ['copy'], outcomes: [] });
		await answer(house.register, desk, id, { wish: 'copy', outcome: 'withdrawn' });
		expect(await close(house.register, desk, id, 'heard')).toMatchObject({ closedAs: 'heard' });
		expect((await linesOf(id)).map(({ action, reason }) => `${action} ${reason ?? ''}`.trim())).toEqual([
			'receive_request',
			'answer_wish copy_heard_instead',
			'note_wish copy',
			'answer_wish copy_withdrawn',
			'close_request heard'
		]);
	});

	test('details are written anew while it is open, and when it was received never is', async () => {
		const { id, received: at } = await received();
		const corrected = await requests.correct(house.register, desk, id, {
			...form,
			name: 'Testi Korjattu',
			actingName: 'Huoltaja Esimerkki',
			actingBasis: 'custody'
		});
		expect(corrected).toMatchObject({
			name: 'Testi Korjattu',
			acting: { name: 'Huoltaja Esimerkki', basis: 'custody' }
		});
		expect(corrected.received).toEqual(at);
		// The second wall: the database itself lets no contact person move the receipt or, without an extension, the deadline.
		const rows = desk.as.collection('requests');
		await expect(rows.update(id, { received: written(new Date()) })).rejects.toMatchObject({ status: 404 });
		await expect(rows.update(id, { due: written(new Date(Date.now() + 300 * day)) })).rejects.toMatchObject({
			status: 404
		});
	});
});

describe('an extension', () => {
	const notice = { months: 2, ground: 'complex', note: 'Useita puheluita.' } as const;

	test('moves the deadline once, by at most two months counted from the receipt, and its notice can be printed', async () => {
		const { id, received: at } = await received();
		await expect(write(house.register, desk, id, 'extension')).rejects.toMatchObject({ kind: 'missing' });
		const longer = await extend(house.register, desk, id, notice);
		expect(longer.due).toEqual(extended(at, 2));
		expect(longer.extension).toMatchObject({ months: 2, ground: 'complex', note: 'Useita puheluita.' });
		await expect(extend(house.register, desk, id, notice)).rejects.toMatchObject({ reason: 'already_extended' });
		const letter = await write(house.register, desk, id, 'extension');
		expect(letter).toMatchObject({ kind: 'extension', controller: { name: 'Posti Group Oyj' } });
		expect((await linesOf(id)).slice(1)).toMatchObject([
			{ action: 'extend_request', reason: 'complex', measures: { months: 2 } },
			{ action: 'print_letter', reason: 'extension' }
		]);
	});

	test('is refused from the very moment at which the first month is over', async () => {
		const { id, received: at } = await received();
		house.clock.now = due(at);
		await expect(extend(house.register, desk, id, notice)).rejects.toMatchObject({
			kind: 'too_late',
			reason: 'first_month_over'
		});
		house.clock.now = new Date(due(at).getTime() - 1000);
		expect((await extend(house.register, desk, id, { ...notice, months: 1 })).due).toEqual(extended(at, 1));
		house.clock.now = undefined;
	});
});

describe('a bound call', () => {
	test('is held for the longest lawful time of the request; unbinding releases it', async () => {
		const request = await received();
		const { id } = await call();
		await bind(request.id, id);
		const [hold] = await holds(desk.as).list({ filter: 'recording = {:id}', params: { id } });
		expect(hold).toMatchObject({ ground: 'request', request: request.id, placedBy: desk.person.id, ended: undefined });
		expect(hold?.until).toEqual(longest(request.received));
		expect((await recordings(desk.as).one(id)).heldUntil).toEqual(longest(request.received));
		await matching.unbind(house.register, desk, request.id, id);
		expect((await recordings(desk.as).one(id)).heldUntil).toBeUndefined();
		await bind(request.id, id);
		expect((await recordings(desk.as).one(id)).heldUntil).toBeDefined();
	});

	test('is released by itself when the request closes, and the log says so', async () => {
		const request = await received();
		const [one, other] = [await call(), await call()];
		for (const { id } of [one, other]) await bind(request.id, id);
		await close(house.register, desk, request.id, 'heard');
		const ended = await holds(house.superuser).list({ filter: 'request = {:id}', params: { id: request.id } });
		expect(ended.map(({ endedWhy }) => endedWhy)).toEqual(['request_closed', 'request_closed']);
		const lines = await linesOf(request.id);
		expect(lines.filter(({ action }) => action === 'end_hold')).toHaveLength(2);
	});

	test('one of several can be ruled out, ruled in again, and bound', async () => {
		const request = await received();
		const [right, wrong] = [await call(), await call()];
		await bind(request.id, right.id);
		const { ruledOut } = await matching.ruleOut(house.register, desk, request.id, wrong.id);
		expect(ruledOut).toEqual([wrong.id]);
		await expect(matching.ruleOut(house.register, desk, request.id, right.id)).rejects.toMatchObject({
			reason: 'bound'
		});
		expect((await matching.ruleIn(house.register, desk, request.id, wrong.id)).ruledOut).toEqual([]);
		await matching.ruleOut(house.register, desk, request.id, wrong.id);
		expect(await bind(request.id, wrong.id)).toMatchObject({ recordings: [right.id, wrong.id], ruledOut: [] });
	});
});

test('a search gives the newest fifty, and then those older than the last of them, each once', async () => {
	const request = await received();
	const at = (count: number): Date => new Date(Date.now() - 50 * day - Math.floor(count / 2) * 60_000);
	const planted: string[] = [];
	// Two at a time begin in the same moment.
	for (let count = 0; count < 60; count++) {
		planted.push((await call({ answered: written(at(count)), service_number: '+358740099999' })).id);
	}
	const windows = [{ from: new Date(Date.now() - 55 * day), to: new Date(Date.now() - 45 * day) }];
	const ask = (after?: { answered: Date; id: string }) =>
		matching.search(house.register, desk, request.id, { windows, serviceNumber: '+358740099999', after });
	const first = await ask();
	expect([first.calls.length, first.more]).toEqual([50, true]);
	const rest = await ask(first.calls.at(-1));
	expect([rest.calls.length, rest.more]).toEqual([10, false]);
	const seen = [...first.calls, ...rest.calls];
	expect(seen.map(({ id }) => id).sort()).toEqual([...planted].sort());
	expect(seen.map(({ answered }) => answered.getTime())).toEqual(
		seen.map(({ answered }) => answered.getTime()).sort((a, b) => b - a)
	);
});

describe('endings', () => {
	test('a refusal needs its ground, and its letter gives it', async () => {
		const { id } = await received();
		await expect(close(house.register, desk, id, 'refused')).rejects.toMatchObject({ reason: 'ground_missing' });
		await close(house.register, desk, id, 'refused', { ground: 'excessive', note: 'Kolmas kerta.' });
		const { request } = await write(house.register, desk, id, 'refused');
		expect(request.refusal).toEqual({ ground: 'excessive', note: 'Kolmas kerta.' });
	});

	test('"destroyed before receipt" needs the record of a destruction before the receipt, and its letter names it', async () => {
		const { id, received: at } = await received();
		await plant.destruction(house, 'rdestroyed00001', '2026-02-02', new Date(at.getTime() - 10 * day));
		await plant.destruction(house, 'rdestroyed00002', '2026-02-03', new Date(at.getTime() + 1000));
		const end = (callDay: string) => close(house.register, desk, id, 'destroyed_before_receipt', { callDay });
		for (const notThen of ['2026-02-01', '2026-02-03', '']) {
			await expect(end(notThen)).rejects.toMatchObject({ reason: 'no_destruction' });
		}
		expect(await end('2026-02-02')).toMatchObject({ destruction: 'rdestroyed00001', callDay: '2026-02-02' });
		const { destruction } = await write(house.register, desk, id, 'destroyed_before_receipt');
		expect(destruction).toMatchObject({ rule: 'six_months_from_end', ruleVersion: 1, callDay: '2026-02-02' });
	});

	test('a duplicate names the request that goes on; nothing opens a closed one again', async () => {
		const first = await received({ name: 'Väre, Leila' });
		const second = await received({ name: 'leila  vare', reach: '040 123 4567' });
		expect((await likely(house.register, desk, second)).map(({ id }) => id)).toEqual([first.id]);
		const closed = await close(house.register, desk, second.id, 'duplicate', { of: first.id });
		expect(closed).toMatchObject({ closedAs: 'duplicate', duplicateOf: first.id });
		await expect(house.superuser.collection('requests').update(second.id, { state: 'received' })).rejects.toMatchObject(
			{ status: 400 }
		);
		await expect(close(house.register, desk, first.id, 'duplicate', { of: first.id })).rejects.toMatchObject({
			reason: 'duplicate_of'
		});
	});
});

test('names and ways to reach somebody are alike whatever their spelling', () => {
	expect(alikeName('Väre, Leila')).toBe(alikeName('leila VARE'));
	expect(alikeName('Leila Väre')).not.toBe(alikeName('Leena Väre'));
	expect(alikeReach('040 123-4567')).toBe(alikeReach('+358 40 1234567'));
	expect(alikeReach(' Testi@Esimerkki.example ')).toBe('testi@esimerkki.example');
	expect(alikeReach('')).toBe('');
});

test('the history says who did what and when, and not who only looked', async () => {
	const { id } = await received();
	await requests.read(house.register, desk, id);
	const recording = await call();
	await bind(id, recording.id);
	const told = await history(house.register, desk, id);
	expect(told.map(({ action, by }) => [action, by])).toEqual([
		['hold_recording', 'Kaisa Koivuranta'],
		['bind_recording', 'Kaisa Koivuranta'],
		['receive_request', 'Kaisa Koivuranta']
	]);
});

describe('what is at risk', () => {
	const now = new Date('2026-11-24T10:00Z');
	const at = (days: number) => new Date(now.getTime() + days * day);
	test.each([
		['nothing, with three weeks left', at(21), '', [], undefined, []],
		['the deadline in its last week', at(7), '', [], undefined, ['deadline']],
		['a deadline that is over', at(-1), '', [], undefined, ['late']],
		['a call that nobody has found, remembered half a year ago', at(21), '2026-05-28', [], undefined, ['destruction']],
		['no call that was found: it is held', at(21), '2026-05-28', ['x'], at(60), []],
		['a found call whose hold ends soon', at(21), '2026-05-28', ['x'], at(10), ['destruction']],
		['no call whose time is over already', at(21), '2026-01-01', [], undefined, []]
	] as const)('%s', (_, deadline, callDay, bound, holdEnds, expected) => {
		expect(risks({ due: deadline, callDay, recordings: [...bound] }, holdEnds, now)).toEqual(expected);
	});
});

test('a candidate may be checked by ear once in a request, and is not in another person’s hands', async () => {
	const request = await received();
	const candidate = await call();
	expect((await checkByEar(house.register, desk, request.id, candidate.id)).checked).toEqual([candidate.id]);
	await expect(checkByEar(house.register, desk, request.id, candidate.id)).rejects.toMatchObject({
		kind: 'conflict',
		reason: 'checked_already'
	});
	await close(house.register, desk, request.id, 'withdrawn');
	await expect(checkByEar(house.register, desk, request.id, (await call()).id)).rejects.toMatchObject({
		reason: 'request_closed'
	});
});
