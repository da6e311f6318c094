import { describe, expect, it } from 'vitest';
import type { Entry, Logged } from '#access-log/entry.ts';
import { openAccessLog } from '#access-log/log.ts';
import { searchOdd } from '#access-log/odd-search.ts';
import { looking, type Finding } from '#access-log/odd.ts';
import { entry, id } from './entries.ts';
import { newFolder } from './folder.ts';

const thresholds = { hours: { from: 7 * 60, to: 21 * 60 }, searches: 3, refusals: 3, kioskHours: 24, silenceHours: 26 };

/** What is found in these entries, each given its time, by the rule and its first and last entry. */
function found(given: [at: string, fields: Partial<Entry>][], closed = new Map<string, string>()): unknown[] {
	const look = looking(thresholds, closed);
	const said = (one: Finding): unknown[] => [one.rule, one.first, one.last];
	return given.flatMap(([at, fields], place) => {
		const one: Logged = { ...entry(0), ...fields, at, sequence: place + 1, previous: '0'.repeat(64), v: 1 };
		return look(one).map(said);
	});
}

const hears = { action: 'listen_begin', role: 'customer', purpose: 'subject_access', request: id('request') } as const;
const searches = { action: 'search_recordings' } as const;
const refused = { action: 'show_code', outcome: 'refused', reason: 'wrong_code' } as const;

describe('what looks odd', () => {
	it('a customer’s listening without a request, or after it was closed', () => {
		const closed = new Map([[id('request'), '2026-11-02T10:00:00.000Z']]);
		const day = '2026-11-02T';
		expect(
			found(
				[
					[`${day}09:59:00.000Z`, hears],
					[`${day}10:01:00.000Z`, hears]
				],
				closed
			)
		).toEqual([['without_request', 2, 2]]);
		expect(found([[`${day}10:00:00.000Z`, { ...hears, request: undefined }]])).toEqual([['without_request', 1, 1]]);
		// An agent's own call needs none.
		const agent = { ...hears, role: 'agent', purpose: 'verify_call', request: undefined } as const;
		expect(found([[`${day}10:00:00.000Z`, agent]])).toEqual([]);
	});

	it('listening outside the hours, on Helsinki’s clock, in summer and in winter', () => {
		expect(found([['2026-11-02T05:00:00.000Z', hears]])).toEqual([]);
		expect(found([['2026-11-02T04:59:00.000Z', hears]])).toEqual([['outside_hours', 1, 1]]);
		expect(found([['2026-07-02T04:00:00.000Z', hears]])).toEqual([]);
		expect(found([['2026-07-02T18:00:00.000Z', hears]])).toEqual([['outside_hours', 1, 1]]);
	});

	it('many searches in a day that led to nothing, told once', () => {
		const at = (minute: number) => `2026-11-02T10:0${minute}:00.000Z`;
		expect(found([0, 1, 2, 3, 4].map((minute) => [at(minute), searches]))).toEqual([['searches_without_play', 1, 3]]);
		expect(
			found([
				[at(0), searches],
				[at(1), searches],
				[at(2), { action: 'bind_recording' }],
				[at(3), searches]
			])
		).toEqual([]);
		expect(
			found([
				[at(0), searches],
				[at(1), searches],
				['2026-11-03T10:00:00.000Z', searches]
			])
		).toEqual([]);
		expect(
			found([
				[at(0), searches],
				[at(1), searches],
				[at(2), { ...searches, actor: id('bertta') }]
			])
		).toEqual([]);
	});

	it('many refusals of one within an hour', () => {
		const at = (minute: number) =>
			`2026-11-02T${10 + Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}:00.000Z`;
		expect(found([0, 20, 59].map((minute) => [at(minute), refused]))).toEqual([['many_refusals', 1, 3]]);
		expect(found([0, 20, 60].map((minute) => [at(minute), refused]))).toEqual([]);
		expect(
			found([
				[at(0), refused],
				[at(1), refused],
				[at(2), { ...refused, actor: id('kiosk') }]
			])
		).toEqual([]);
	});

	it('a kiosk at two offices within a day', () => {
		const kiosk = (office: string) => ({ kiosk: id('kiosk'), office: id(office) });
		const [morning, evening, later] = [
			'2026-11-02T08:00:00.000Z',
			'2026-11-02T15:00:00.000Z',
			'2026-11-03T15:00:00.000Z'
		];
		expect(
			found([
				[morning, kiosk('one')],
				[evening, kiosk('two')]
			])
		).toEqual([['kiosk_in_two_places', 1, 2]]);
		expect(
			found([
				[morning, kiosk('one')],
				[evening, kiosk('one')],
				[later, kiosk('two')]
			])
		).toEqual([]);
	});

	it('a long silence, and a clock that was set back', () => {
		expect(
			found([
				['2026-11-02T08:00:00.000Z', {}],
				['2026-11-03T10:00:00.000Z', {}]
			])
		).toEqual([['silence', 1, 2]]);
		expect(
			found([
				['2026-11-02T08:00:00.000Z', {}],
				['2026-11-03T09:59:00.000Z', {}]
			])
		).toEqual([]);
		expect(
			found([
				['2026-11-02T08:00:00.000Z', {}],
				['2026-11-02T07:58:00.000Z', {}]
			])
		).toEqual([['clock_back', 1, 2]]);
	});
});

it('is searched in a time of the log; a request that was closed before it is closed in it', async () => {
	let now = new Date('2026-11-01T10:00:00Z');
	const log = await openAccessLog(await newFolder(), { now: () => now });
	await log.append({ ...entry(1), action: 'change_request', request: id('request'), reason: 'withdrawn' });
	now = new Date('2026-11-02T09:00:00Z');
	await log.append({ ...entry(2), ...hears });
	now = new Date('2026-11-02T09:05:00Z');
	await log.append([1, 2, 3].map((number) => ({ ...entry(number), ...refused })));
	const search = async (from: string, most = 10) => {
		const { findings, more } = await searchOdd(log, thresholds, { from: new Date(from), to: now, most });
		return [findings.map(({ rule, first, last }) => [rule, first, last]), more];
	};
	now = new Date('2026-11-02T09:05:00.001Z');
	expect(await search('2026-11-02T00:00:00Z')).toEqual([
		[
			['many_refusals', 3, 5],
			['without_request', 2, 2]
		],
		false
	]);
	expect(await search('2026-11-02T00:00:00Z', 1)).toEqual([[['many_refusals', 3, 5]], true]);
	expect(await search('2026-11-02T09:01:00Z')).toEqual([[['many_refusals', 3, 5]], false]);
	await log.close();
});
