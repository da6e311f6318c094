import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { helsinkiDay } from '#sealing/day.ts';

describe('a call’s day', () => {
	it.each([
		['2026-11-23T21:59:59.999Z', '2026-11-23'],
		['2026-11-23T22:00:00Z', '2026-11-24'],
		['2026-06-30T20:59:59.999Z', '2026-06-30'],
		['2026-06-30T21:00:00Z', '2026-07-01'],
		['2026-12-31T22:00:00Z', '2027-01-01'],
		['2028-02-28T22:00:00Z', '2028-02-29'],
		// The nights when the clock is moved: 29 March and 25 October 2026.
		['2026-03-28T22:00:00Z', '2026-03-29'],
		['2026-03-29T20:59:59Z', '2026-03-29'],
		['2026-03-29T21:00:00Z', '2026-03-30'],
		['2026-10-24T21:00:00Z', '2026-10-25'],
		['2026-10-25T21:59:59Z', '2026-10-25'],
		['2026-10-25T22:00:00Z', '2026-10-26']
	])('at %s is %s in Helsinki', (instant, day) => {
		expect(helsinkiDay(new Date(instant))).toBe(day);
	});

	it('is at any instant what the platform’s own calendar says of Helsinki, wherever the server stands', () => {
		const calendar = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Helsinki', dateStyle: 'short' });
		const instants = fc.date({ min: new Date('2015-01-01'), max: new Date('2050-01-01'), noInvalidDate: true });
		fc.assert(fc.property(instants, (instant) => helsinkiDay(instant) === calendar.format(instant)));
	});
});
