import { describe, expect, test } from 'vitest';
import type { Office } from '#visits/office.ts';
import { slotAt, slots } from '#visits/slots.ts';

const closed = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
const office = (fields: Partial<Office>): Office => ({
	id: 'o',
	name: 'Office',
	address: '',
	openingHours: closed,
	exceptions: {},
	slotMinutes: 60,
	...fields
});
const always: [string, string][] = [['00:00', '24:00']];
const clock = new Intl.DateTimeFormat('sv-SE', {
	timeZone: 'Europe/Helsinki',
	dateStyle: 'short',
	timeStyle: 'short'
});
const written = (of: Office, from: string, days = 1): string[] =>
	slots(of, new Date(from), days).map(({ starts, ends }) => `${clock.format(starts)}–${clock.format(ends).slice(11)}`);

describe('the slots of an office', () => {
	test('are whole slots inside the open spans, lunch left out', () => {
		const monday = office({
			openingHours: {
				...closed,
				mon: [
					['09:00', '11:30'],
					['12:15', '14:15']
				]
			}
		});
		expect(written(monday, '2026-11-23T00:00+02:00')).toEqual([
			'2026-11-23 09:00–10:00',
			'2026-11-23 10:00–11:00',
			'2026-11-23 12:15–13:15',
			'2026-11-23 13:15–14:15'
		]);
	});

	test('one that is asked for by its beginning is the same one, and there is none outside of them', () => {
		const of = office({ openingHours: { ...closed, mon: [['09:00', '11:30']], sun: always }, slotMinutes: 30 });
		const from = new Date('2026-10-25T00:10+03:00');
		for (const slot of slots(of, from, 9)) expect(slotAt(slot.starts, of, from, 9)).toEqual(slot);
		for (const none of [
			'2026-10-26T08:30+02:00',
			'2026-10-26T09:10+02:00',
			'2026-10-26T11:15+02:00',
			'2026-10-24T12:00+03:00'
		])
			expect(slotAt(new Date(none), of, from, 9)).toBeUndefined();
		expect(slotAt(new Date('2026-11-02T09:00+02:00'), of, from, 9)).toBeDefined();
		expect(slotAt(new Date('2026-11-02T09:00+02:00'), of, from, 8)).toBeUndefined();
	});

	test('a slot under way is offered until its half', () => {
		const monday = office({ openingHours: { ...closed, mon: [['09:00', '11:00']] } });
		expect(written(monday, '2026-11-23T09:29:59+02:00')).toHaveLength(2);
		expect(written(monday, '2026-11-23T09:30:00+02:00')).toEqual(['2026-11-23 10:00–11:00']);
	});

	test('the days are counted on the wall in Helsinki, not in UTC', () => {
		const tuesday = office({ openingHours: { ...closed, tue: [['00:00', '01:00']] } });
		// 22:30 UTC on Monday is half past midnight on Tuesday.
		expect(written(tuesday, '2026-11-23T22:10:00Z')).toEqual(['2026-11-24 00:00–01:00']);
	});

	test('the night when the clock goes forward has 23 hours, and none that does not exist', () => {
		const found = written(office({ openingHours: { ...closed, sun: always } }), '2027-03-28T00:00+02:00');
		expect(found).toHaveLength(23);
		expect(found.slice(2, 4)).toEqual(['2027-03-28 02:00–04:00', '2027-03-28 04:00–05:00']);
		const gap = office({ openingHours: { ...closed, sun: [['03:00', '04:00']] } });
		expect(written(gap, '2027-03-28T00:00+02:00')).toEqual([]);
	});

	test('the night when the clock goes back has 25 hours, and the hour that comes twice is two slots', () => {
		const sunday = office({ openingHours: { ...closed, sun: always } });
		const found = slots(sunday, new Date('2026-10-25T00:00+03:00'), 1);
		expect(found).toHaveLength(25);
		expect(new Set(found.map(({ starts }) => starts.getTime())).size).toBe(25);
		for (const { starts, ends } of found) expect(ends.getTime() - starts.getTime()).toBe(3600_000);
	});

	const workdays = { mon: always, tue: always, wed: always, thu: always, fri: always, sat: [], sun: [] };
	const nineToTen: [string, string][] = [['09:00', '10:00']];
	const everyDay = {
		mon: nineToTen,
		tue: nineToTen,
		wed: nineToTen,
		thu: nineToTen,
		fri: nineToTen,
		sat: nineToTen,
		sun: nineToTen
	};

	test.each([
		['Independence Day, a Sunday', '2026-12-06'],
		['Independence Day, a Saturday', '2025-12-06'],
		['Midsummer Day', '2026-06-20'],
		['Epiphany', '2026-01-06'],
		['Good Friday', '2026-04-03'],
		["All Saints' Day", '2026-10-31']
	])('there are none on %s', (_, day) => {
		expect(written(office({ openingHours: everyDay }), `${day}T00:00Z`)).toEqual([]);
	});

	test('there are some on a holiday that the office says it is open on, or when it never closes', () => {
		const exceptional = office({ openingHours: everyDay, exceptions: { '2026-12-06': [['12:00', '13:00']] } });
		expect(written(exceptional, '2026-12-06T00:00+02:00')).toEqual(['2026-12-06 12:00–13:00']);
		expect(written(office({ openingHours: workdays }), '2026-01-06T00:00+02:00')).toHaveLength(24);
	});

	test('there are none on a day that the office closes', () => {
		const shut = office({ openingHours: everyDay, exceptions: { '2026-11-24': [] } });
		expect(written(shut, '2026-11-23T00:00+02:00', 3)).toEqual(['2026-11-23 09:00–10:00', '2026-11-25 09:00–10:00']);
	});
});
