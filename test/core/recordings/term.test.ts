import fc from 'fast-check';
import { expect, test } from 'vitest';
import { destroyAfter } from '#recordings/term.ts';

const helsinki = (date: Date): string =>
	new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Helsinki', dateStyle: 'short', timeStyle: 'medium' }).format(
		date
	);

test.each([
	['2026-01-15T12:00:00Z', '2026-07-15T21:00:00.000Z', 'from winter into summer'],
	['2026-06-15T12:00:00Z', '2026-12-15T22:00:00.000Z', 'from summer into winter'],
	['2026-08-31T09:00:00Z', '2027-02-28T22:00:00.000Z', '31 August becomes 28 February'],
	['2027-08-31T09:00:00Z', '2028-02-29T22:00:00.000Z', '31 August becomes 29 February in a leap year'],
	['2026-08-28T09:00:00Z', '2027-02-28T22:00:00.000Z', '28 August shares its end with 31 August'],
	['2026-10-31T09:00:00Z', '2027-04-30T21:00:00.000Z', '31 October becomes 30 April'],
	['2026-06-30T21:00:00Z', '2027-01-01T22:00:00.000Z', 'midnight in Helsinki is already 1 July'],
	['2026-06-30T20:59:59Z', '2026-12-30T22:00:00.000Z', 'a second before it is still 30 June'],
	['2026-09-29T10:00:00Z', '2027-03-29T21:00:00.000Z', 'the day after the clocks go forward'],
	['2026-09-28T10:00:00Z', '2027-03-28T21:00:00.000Z', 'a last day of 23 hours ends at its own midnight'],
	['2026-04-25T10:00:00Z', '2026-10-25T22:00:00.000Z', 'a last day of 25 hours ends at its own midnight']
])('a call that ended at %s is destroyed after %s: %s', (ended, expected) => {
	expect(destroyAfter(new Date(ended)).toISOString()).toBe(expected);
});

const moment = fc.date({ min: new Date('1990-01-01Z'), max: new Date('2100-12-31Z'), noInvalidDate: true });

test('whatever the call, its time ends as a day begins in Helsinki, the day after the same day six months on', () => {
	fc.assert(
		fc.property(moment, (ended) => {
			const end = destroyAfter(ended);
			expect(helsinki(end).slice(11)).toBe('00:00:00');
			const [year = 0, month = 0, day = 0] = helsinki(ended).slice(0, 10).split('-').map(Number);
			const lastOfSixth = new Date(Date.UTC(year, month + 6, 0)).getUTCDate();
			const lastDay = new Date(Date.UTC(year, month - 1 + 6, Math.min(day, lastOfSixth)));
			expect(helsinki(new Date(end.getTime() - 1)).slice(0, 10)).toBe(lastDay.toISOString().slice(0, 10));
		}),
		{ numRuns: 2000 }
	);
});

test('a later call is never destroyed before an earlier one', () => {
	fc.assert(
		fc.property(moment, fc.integer({ min: 0, max: 40 * 24 * 3600_000 }), (ended, later) => {
			const next = new Date(ended.getTime() + later);
			expect(destroyAfter(next).getTime()).toBeGreaterThanOrEqual(destroyAfter(ended).getTime());
		})
	);
});
