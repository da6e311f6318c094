import { expect, test } from 'vitest';
import { windows } from '#requests/windows.ts';

const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Helsinki', dateStyle: 'short', timeStyle: 'short' });
const written = (...given: Parameters<typeof windows>): string[] =>
	windows(...given).map(({ from, to }) => `${clock.format(from)} – ${clock.format(to)}`);

test('a vague day is one window of whole days', () => {
	expect(written('2026-11-23', 0)).toEqual(['2026-11-23 00:00 – 2026-11-24 00:00']);
	expect(written('2026-11-01', 3)).toEqual(['2026-10-29 00:00 – 2026-11-05 00:00']);
});

test('"some afternoon that week" is the same hours of each day', () => {
	expect(written('2026-11-23', 1, { after: '12:00', before: '17:00' })).toEqual([
		'2026-11-22 12:00 – 2026-11-22 17:00',
		'2026-11-23 12:00 – 2026-11-23 17:00',
		'2026-11-24 12:00 – 2026-11-24 17:00'
	]);
});

test('one end of the hours is enough, and hours over midnight reach into the next day', () => {
	expect(written('2026-11-23', 0, { after: '16:00' })).toEqual(['2026-11-23 16:00 – 2026-11-24 00:00']);
	expect(written('2026-11-23', 0, { before: '09:30', after: '' })).toEqual(['2026-11-23 00:00 – 2026-11-23 09:30']);
	expect(written('2026-11-23', 0, { after: '22:00', before: '02:00' })).toEqual([
		'2026-11-23 22:00 – 2026-11-24 02:00'
	]);
});

test('the days when the clock is set are as long as they are', () => {
	const hours = (day: string): number[] =>
		windows(day, 0).map(({ from, to }) => (to.getTime() - from.getTime()) / 3600_000);
	expect([hours('2027-03-28'), hours('2026-10-25'), hours('2026-11-23')]).toEqual([[23], [25], [24]]);
});
