import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { destroyAfter, termOfDay } from '#recordings/term.ts';
import { plan, type Kept } from '#retention/plan.ts';
import { helsinkiDay } from '#sealing/day.ts';

const term = termOfDay('2026-01-15');
const before = new Date(term.getTime() - 1);
const later = new Date(term.getTime() + 24 * 3600_000);
const one = (id: string, more: Partial<Kept> = {}): Kept => ({
	id,
	destroyAfter: term,
	heldUntil: undefined,
	ownKey: false,
	...more
});
const names = (kept: Kept[]): string[] => kept.map(({ id }) => id);
const planned = (recordings: Kept[], now: Date) => {
	const { destroy, reseal, keyGoes } = plan('2026-01-15', recordings, now);
	return { destroy: names(destroy), reseal: names(reseal), keyGoes };
};

describe('the plan of a day', () => {
	test('destroys nothing before its time, and everything from its first moment', () => {
		expect(planned([one('a')], before)).toEqual({ destroy: [], reseal: [], keyGoes: false });
		expect(planned([one('a')], term)).toEqual({ destroy: ['a'], reseal: [], keyGoes: true });
	});

	test('keeps the key for a call that ended after midnight', () => {
		const across = one('b', { destroyAfter: later });
		expect(planned([one('a'), across], term)).toEqual({ destroy: ['a'], reseal: [], keyGoes: false });
		expect(planned([across], later)).toEqual({ destroy: ['b'], reseal: [], keyGoes: true });
	});

	test('seals anew what is held, and only when the key goes', () => {
		const held = one('b', { heldUntil: later });
		expect(planned([one('a'), held], term)).toEqual({ destroy: ['a'], reseal: ['b'], keyGoes: true });
		const across = one('c', { destroyAfter: later });
		expect(planned([one('a'), held, across], term)).toEqual({ destroy: ['a'], reseal: [], keyGoes: false });
		expect(planned([{ ...held, ownKey: true }], term)).toEqual({ destroy: [], reseal: [], keyGoes: true });
	});

	test('lets a hold count until it is ended, also past its own end', () => {
		expect(planned([one('a', { heldUntil: before })], term)).toMatchObject({ destroy: [], reseal: ['a'] });
	});

	test('keeps the key of a day without calls until its term', () => {
		expect(planned([], before).keyGoes).toBe(false);
		expect(planned([], term).keyGoes).toBe(true);
	});
});

// Pure: the decision alone, on a thousand random days of calls and clocks. The same is done with real sweeps on a real
// PocketBase, fewer times, in random.test.ts.
test('1,000 random calendars and clocks: none destroyed early, all due ones at once, and no key before its last', () => {
	const days = fc.date({ min: new Date('1990-01-01Z'), max: new Date('2100-12-31Z'), noInvalidDate: true });
	const calls = fc.array(
		fc.record({
			// Within the day, at its borders too, and calls that last for hours.
			at: fc.integer({ min: 0, max: 25 * 3600_000 }),
			lasts: fc.oneof(fc.integer({ min: 1000, max: 3600_000 }), fc.integer({ min: 0, max: 26 * 3600_000 })),
			held: fc.boolean(),
			ownKey: fc.boolean()
		}),
		{ maxLength: 12 }
	);
	// Clocks around the term, where errors live, and anywhere.
	const offset = fc.oneof(fc.integer({ min: -3600_000, max: 3600_000 }), fc.integer({ min: -4e10, max: 4e10 }));
	fc.assert(
		fc.property(days, calls, offset, (start, given, fromTerm) => {
			const day = helsinkiDay(start);
			const now = new Date(termOfDay(day).getTime() + fromTerm);
			const kept = given.map(({ at, lasts, held, ownKey }, index) => {
				const answered = new Date(start.getTime() + at);
				const inDay = helsinkiDay(answered) === day ? answered : start;
				const disconnected = new Date(inDay.getTime() + lasts);
				return {
					id: String(index),
					destroyAfter: destroyAfter(disconnected),
					heldUntil: held ? new Date(now.getTime() + 1000) : undefined,
					ownKey
				};
			});
			const { destroy, reseal, keyGoes } = plan(day, kept, now);
			for (const call of kept) {
				const over = now.getTime() >= call.destroyAfter.getTime();
				expect(destroy.includes(call)).toBe(over && !call.heldUntil);
				const needsKey = !call.ownKey && !destroy.includes(call) && !reseal.includes(call);
				expect(keyGoes && needsKey).toBe(false);
				expect(reseal.includes(call) && !over).toBe(false);
			}
		}),
		{ numRuns: 1000 }
	);
});
