import { expect, test } from 'vitest';
import { few, stopReason, usualDay, type Circumstances } from '#retention/breaker.ts';

const calm: Circumstances = { due: 300, usual: 100, driftMs: 0, silenceMs: 0 };
const day = 24 * 3600_000;

test.each<[string, Partial<Circumstances>, string | undefined]>([
	['three usual days’ worth', {}, undefined],
	['one more than three usual days’ worth', { due: 301 }, 'more_than_usual'],
	['as many as the operator named', { due: 301, agreed: 301 }, undefined],
	['one more than the operator named', { due: 302, agreed: 301 }, 'more_than_usual'],
	['one fewer than the operator named', { due: 301, agreed: 302 }, 'more_than_usual'],
	['few, with nothing to compare with', { due: few, usual: undefined }, undefined],
	['more than few, with nothing to compare with', { due: few + 1, usual: undefined }, 'more_than_usual'],
	['few, of a register that has hardly any', { due: few, usual: 1 }, undefined],
	['a clock that went ten minutes and a bit too far', { driftMs: 600_001 }, 'clock_jumped'],
	['a clock that went ten minutes too far', { driftMs: 600_000 }, undefined],
	['a clock that went back', { driftMs: -day }, undefined],
	['a week and a bit of silence before the start', { silenceMs: 7 * day + 1 }, 'long_silence'],
	['a wrong clock, and the operator agreed', { driftMs: day, silenceMs: 9 * day, agreed: 300 }, undefined],
	['a wrong clock and nothing to destroy', { due: 0, driftMs: day }, undefined],
	['a wrong clock and nothing but a hold to end', { due: 0, ending: 1, driftMs: day }, 'clock_jumped'],
	['a right clock and a hold to end', { due: 0, ending: 1 }, undefined],
	['a wrong clock, a hold to end, and the operator agreed', { due: 0, ending: 1, driftMs: day, agreed: 0 }, undefined]
])('%s: %o', (_, more, expected) => {
	expect(stopReason({ ...calm, ...more })).toBe(expected);
});

test('the usual day is the middle one of those that had calls', () => {
	expect(usualDay([])).toBeUndefined();
	expect(usualDay([0, 0])).toBeUndefined();
	expect(usualDay([5, 0, 900, 7])).toBe(7);
});
