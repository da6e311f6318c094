import { expect, test } from 'vitest';
import { lengthFor } from '#visits/length.ts';
import { areEnough, suggested } from '#visits/suggested.ts';

const minute = 60_000;

test.each([
	[[1], 30],
	[[7.5], 30],
	[[7.6], 45],
	[[12, 8], 60],
	[[30, 30, 30], 195],
	[[0.2], 30],
	[[1000], 480]
])(
	'calls of %j minutes need %i minutes: twice the sound and a quarter of an hour, in whole quarters',
	(calls, needed) => {
		expect(lengthFor(calls.map((minutes) => minutes * minute))).toBe(needed);
	}
);

const offer = (clock: string, remark?: string) => ({
	starts: new Date(`2026-11-${clock}+02:00`),
	ends: new Date(new Date(`2026-11-${clock}+02:00`).getTime() + 30 * minute),
	remark
});
const clocks = (offers: ReturnType<typeof offer>[]): string[] =>
	suggested(offers).map(({ starts }) => starts.toLocaleString('sv-SE', { timeZone: 'Europe/Helsinki' }).slice(8, 16));

test('three are suggested: the first, one some hours later, and the first of another day', () => {
	const offers = ['24T09:00', '24T09:30', '24T11:00', '24T15:00', '25T09:00', '26T09:00'].map((clock) => offer(clock));
	expect(clocks(offers)).toEqual(['24 09:00', '24 11:00', '25 09:00']);
});

test('where a day has one time only, the next days have the others; where there are fewer than three, all', () => {
	expect(clocks(['24T09:00', '25T09:00', '26T09:00', '27T09:00'].map((clock) => offer(clock)))).toEqual([
		'24 09:00',
		'25 09:00',
		'26 09:00'
	]);
	expect(clocks([offer('24T09:00')])).toEqual(['24 09:00']);
	expect(clocks([])).toEqual([]);
});

test('a time with a remark is suggested only where there are not three without', () => {
	const good = ['24T09:00', '24T12:00', '25T09:00'].map((clock) => offer(clock));
	const late = ['26T09:00', '27T09:00'].map((clock) => offer(clock, 'after_deadline'));
	expect(clocks([...good, ...late])).toEqual(['24 09:00', '24 12:00', '25 09:00']);
	expect(clocks([good[0] ?? offer('24T09:00'), ...late])).toEqual(['24 09:00', '26 09:00', '27 09:00']);
});

test('three times on one day are not enough, nor are two on two days', () => {
	expect(areEnough(['24T09:00', '24T12:00', '24T15:00'].map((clock) => offer(clock)))).toBe(false);
	expect(areEnough(['24T09:00', '25T12:00'].map((clock) => offer(clock)))).toBe(false);
	expect(areEnough(['24T09:00', '24T12:00', '25T15:00'].map((clock) => offer(clock)))).toBe(true);
});
