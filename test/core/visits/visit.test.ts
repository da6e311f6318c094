import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { events, next, states, visitorEvents, type VisitEvent, type VisitState } from '#visits/visit.ts';

/** Every place that a visit comes to when these things happen to it; what leads nowhere changes nothing. */
function walk(happening: VisitEvent[]): VisitState[] {
	let state: VisitState = 'waiting';
	return happening.map((event) => (state = next(state, event) ?? state));
}
const anyOrder = fc.array(fc.constantFrom(...events), { maxLength: 60 });

describe('the visit machine', () => {
	it('goes from the code to the end in the order that the visitor sees', () => {
		expect(walk(['release', 'notice_read', 'headset_ok', 'choose', 'back', 'leave', 'end'])).toEqual([
			'notice',
			'headset',
			'list',
			'player',
			'list',
			'leaving',
			'ended'
		]);
	});

	it('is always in one of its states, whatever happens in whatever order', () => {
		fc.assert(
			fc.property(anyOrder, (happening) => {
				for (const state of walk(happening)) expect(states).toContain(state);
			})
		);
	});

	it('stays ended once it has ended', () => {
		fc.assert(
			fc.property(anyOrder, anyOrder, (before, after) => {
				expect(new Set(walk([...before, 'end', ...after]).slice(before.length))).toEqual(new Set(['ended']));
			})
		);
	});

	it('never shows a call before the release, the notice and the headset check', () => {
		fc.assert(
			fc.property(anyOrder, (happening) => {
				const path = walk(happening);
				const first = path.findIndex((state) => state === 'list' || state === 'player');
				if (first < 0) return;
				const steps = happening.slice(0, first + 1);
				expect(steps).toEqual(expect.arrayContaining(['release', 'notice_read', 'headset_ok']));
			})
		);
	});

	it('moves nobody on from waiting but by a release or the end', () => {
		for (const event of events) {
			const then = next('waiting', event);
			expect(then, event).toBe(event === 'release' ? 'notice' : event === 'end' ? 'ended' : undefined);
		}
	});

	it('can be ended from everywhere but the end', () => {
		for (const state of states) expect(next(state, 'end')).toBe(state === 'ended' ? undefined : 'ended');
	});

	it('gives the visitor neither the release nor the end as a step', () => {
		expect(visitorEvents).not.toContain('release');
		expect(visitorEvents).not.toContain('end');
	});
});
