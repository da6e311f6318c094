import { describe, expect, test } from 'vitest';
import { daysLeft, due, extended, longest } from '#requests/deadline.ts';

const shown = new Intl.DateTimeFormat('sv-SE', {
	timeZone: 'Europe/Helsinki',
	dateStyle: 'short',
	timeStyle: 'medium'
});
/** The last day on which an answer is in time, and whether the deadline is the end of exactly that day. */
const lastDay = (received: string): string => {
	const instant = due(new Date(received));
	expect(shown.format(instant)).toMatch(/ 00:00:00$/);
	return shown.format(instant.getTime() - 1).slice(0, 10);
};

describe('a request is answered within one month (Regulation 1182/71 Art. 3)', () => {
	test.each([
		['an ordinary day: the same-named day of the next month', '2026-03-09', '2026-04-09'],
		['31 January of an ordinary year: clipped to 28 February, a Sunday in 2027, so Monday', '2027-01-31', '2027-03-01'],
		['31 January of a leap year: clipped to 29 February', '2028-01-31', '2028-02-29'],
		['29 January of an ordinary year: clipped to 28 February', '2029-01-29', '2029-02-28'],
		['31 August: clipped to 30 September', '2026-08-31', '2026-09-30'],
		['a month that ends on a Saturday: Monday', '2026-09-10', '2026-10-12'],
		["a month that ends on New Year's Day, a Friday in 2027: the Monday after", '2026-12-01', '2027-01-04'],
		['a month that ends on Epiphany: the day after', '2025-12-06', '2026-01-07'],
		['a month that ends on Good Friday: the Tuesday after Easter', '2026-03-03', '2026-04-07'],
		['a month that ends on Ascension Day: the Friday after', '2026-04-14', '2026-05-15'],
		['a month that ends on Midsummer Eve: that day, since it is no public holiday', '2026-05-19', '2026-06-19'],
		['a month that ends on Midsummer Day, a Saturday: Monday', '2026-05-20', '2026-06-22'],
		['a month that ends on 6 December, a Saturday: Monday', '2025-11-06', '2025-12-08'],
		['a month that ends on 6 December, a Monday: Tuesday', '2027-11-06', '2027-12-07'],
		['a month that ends on Christmas Eve: that day, since it is no public holiday', '2026-11-24', '2026-12-24'],
		['a month that ends on Christmas Day, a Friday: the Monday after', '2026-11-25', '2026-12-28'],
		['a month that ends on May Day, a Friday: the Monday after', '2026-04-01', '2026-05-04']
	])('%s', (_, received, last) => {
		expect(lastDay(`${received}T12:00Z`)).toBe(last);
	});

	test("the day of receipt is Helsinki's, not UTC's", () => {
		expect(lastDay('2026-03-09T21:59:59Z')).toBe('2026-04-09');
		expect(lastDay('2026-03-09T22:00:00Z')).toBe('2026-04-10');
	});

	test('the hour of receipt does not matter, also over the nights when the clock is set', () => {
		for (const day of ['2027-02-26', '2027-03-28', '2026-09-25', '2026-10-25']) {
			const times = ['00:00', '03:30', '12:00', '21:30'].map((time) => lastDay(`${day}T${time}+02:00`));
			expect(new Set(times).size).toBe(1);
		}
	});

	test('the days left count to the last day, in whole days of the wall', () => {
		const deadline = due(new Date('2026-03-09T12:00Z'));
		expect(daysLeft(deadline, new Date('2026-03-10T09:00+02:00'))).toBe(30);
		expect(daysLeft(deadline, new Date('2026-04-08T23:59+03:00'))).toBe(1);
		expect(daysLeft(deadline, new Date('2026-04-09T00:00+03:00'))).toBe(0);
		expect(daysLeft(deadline, new Date('2026-04-09T23:59+03:00'))).toBe(0);
		expect(daysLeft(deadline, new Date('2026-04-10T00:00+03:00'))).toBe(-1);
	});
});

describe('2,000 random days of receipt agree with a slow and obvious way of counting', () => {
	// Fixed and movable holidays by hand: Easter from its table, the rest counted from it; nothing shared with the code.
	const easters: Record<number, string> = {
		2024: '03-31',
		2025: '04-20',
		2026: '04-05',
		2027: '03-28',
		2028: '04-16',
		2029: '04-01',
		2030: '04-21',
		2031: '04-13',
		2032: '03-28',
		2033: '04-17'
	};
	const ms = 24 * 3600_000;
	const plus = (day: string, days: number): string =>
		new Date(Date.parse(`${day}T00:00Z`) + days * ms).toISOString().slice(0, 10);
	const weekday = (day: string): number => new Date(`${day}T00:00Z`).getUTCDay();
	const holidays = new Set(
		Object.entries(easters).flatMap(([year, easter]) => {
			const sunday = `${year}-${easter}`;
			const firstSaturday = (from: string): string => {
				let day = `${year}-${from}`;
				while (weekday(day) !== 6) day = plus(day, 1);
				return day;
			};
			return [
				...['01-01', '01-06', '05-01', '12-06', '12-25', '12-26'].map((day) => `${year}-${day}`),
				...[-2, 0, 1, 39, 49].map((days) => plus(sunday, days)),
				firstSaturday('06-20'),
				firstSaturday('10-31')
			];
		})
	);
	const slowly = (day: string, months = 1): string => {
		const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
		const [nextYear, nextMonth] = month + months > 12 ? [year + 1, month + months - 12] : [year, month + months];
		const leap = nextYear % 4 === 0;
		const longest = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][nextMonth - 1] ?? 0;
		let last = [nextYear, nextMonth, Math.min(date, longest)].map((part) => String(part).padStart(2, '0')).join('-');
		while (weekday(last) === 0 || weekday(last) === 6 || holidays.has(last)) last = plus(last, 1);
		return last;
	};

	test('from 2024 to 2032', () => {
		const begin = Date.parse('2024-01-01T00:00Z');
		const span = (Date.parse('2033-01-01T00:00Z') - begin) / ms;
		for (let round = 0; round < 2000; round++) {
			const day = new Date(begin + Math.floor(Math.random() * span) * ms).toISOString().slice(0, 10);
			const instant = new Date(`${day}T10:00Z`);
			expect(`${day}: ${lastDay(`${day}T10:00Z`)}`).toBe(`${day}: ${slowly(day)}`);
			for (const months of [1, 2] as const) {
				const last = shown.format(extended(instant, months).getTime() - 1).slice(0, 10);
				expect(`${day} + ${months}: ${last}`).toBe(`${day} + ${months}: ${slowly(day, 1 + months)}`);
			}
			expect(longest(instant)).toEqual(extended(instant, 2));
		}
	});
});
