import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isFailure } from '#failures.ts';
import { coming, refuseVisitor, release, stop } from '#visits/verification.ts';
import { extend } from '#visits/extending.ts';
import { view } from '#visits/showing.ts';
import { next, visits, type VisitEvent, type VisitState } from '#visits/visit.ts';
import * as visiting from '#visits/visiting.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { cast, logOf, said, scene, type Cast, type Scene } from './scene.ts';

// Whatever people press in whatever order, several at once and twice: a visit in the real register only ever goes where
// the machine's table leads, and the log says each step that counts.

let house: House;
let people: Cast;
let second: Cast['contact'];
beforeAll(async () => {
	house = await openHouse();
	people = await cast(house);
	second = await plant.person(house, ['contact_person'], { offices: [people.office.id] });
});
afterAll(() => house.close());

interface Doing extends Scene {
	visit: string;
}

/** What may be pressed, and which of the machine's events it can be, one after the other. */
const presses: Record<string, { events: VisitEvent[]; press: (at: Doing) => Promise<unknown> }> = {
	'shows the code again': {
		events: [],
		press: ({ kiosk, codes }) => visiting.arrive(house.register, kiosk, codes.code)
	},
	'is released': {
		events: ['release'],
		press: ({ visit }) => release(house.register, people.contact, visit, { document: 'passport' })
	},
	'is released by another': {
		events: ['release'],
		press: ({ visit }) => release(house.register, second, visit, { document: 'identity_card' })
	},
	'is not verified': { events: ['end'], press: ({ visit }) => refuseVisitor(house.register, second, visit) },
	'has read the notice': {
		events: ['notice_read'],
		press: ({ kiosk }) => visiting.step(house.register, kiosk, 'notice_read')
	},
	'hears the sample': {
		events: ['headset_ok'],
		press: ({ kiosk }) => visiting.step(house.register, kiosk, 'headset_ok')
	},
	'chooses a call': {
		events: ['choose'],
		press: ({ kiosk, calls }) => visiting.step(house.register, kiosk, 'choose', { recording: calls[0] })
	},
	'chooses the other call': {
		events: ['choose'],
		press: ({ kiosk, calls }) => visiting.step(house.register, kiosk, 'choose', { recording: calls[1] })
	},
	'goes back': { events: ['back'], press: ({ kiosk }) => visiting.step(house.register, kiosk, 'back') },
	'is done': { events: ['leave'], press: ({ kiosk }) => visiting.step(house.register, kiosk, 'leave') },
	'says it is not theirs': {
		events: ['not_mine', 'leave'],
		press: ({ kiosk, calls }) => visiting.notMine(house.register, kiosk, calls[0] ?? '')
	},
	'wishes for text': { events: [], press: ({ kiosk }) => visiting.wish(house.register, kiosk, 'text') },
	'calls somebody': { events: [], press: ({ kiosk }) => visiting.callStaff(house.register, kiosk) },
	'is told that somebody comes': { events: [], press: ({ visit }) => coming(house.register, second, visit) },
	'gets a quarter of an hour': { events: [], press: ({ visit }) => extend(house.register, people.contact, visit) },
	'says the hour is over': { events: [], press: ({ kiosk }) => visiting.leave(house.register, kiosk, 'slot_over') },
	'is sent home': { events: ['end'], press: ({ visit }) => stop(house.register, people.contact, visit) },
	goes: { events: ['end'], press: ({ kiosk }) => visiting.leave(house.register, kiosk, 'customer') }
};

// The way on is pressed more often than the way out, or hardly any visit would come far.
const ways = Object.keys(presses);
const onwards = ['is released', 'has read the notice', 'hears the sample', 'chooses a call', 'says it is not theirs'];
const pressed = fc.oneof(
	{ weight: 3, arbitrary: fc.constantFrom(...onwards) },
	{ weight: 2, arbitrary: fc.constantFrom(...ways.filter((way) => presses[way]?.events[0] !== 'end')) },
	{ weight: 1, arbitrary: fc.constantFrom(...ways) }
);
/** Each moment one, two or three things at once. */
const moments = fc.array(fc.array(pressed, { minLength: 1, maxLength: 3 }), { minLength: 8, maxLength: 20 });

/** Where the table leads from a state when some of these happen, in any order. */
function reachable(from: VisitState, happening: VisitEvent[][]): Set<VisitState> {
	const found = new Set<VisitState>([from]);
	for (const [index, events] of happening.entries()) {
		const rest = happening.filter((_, other) => other !== index);
		let state: VisitState | undefined = from;
		for (const event of events) {
			state = state && next(state, event);
			if (state) for (const further of reachable(state, rest)) found.add(further);
		}
		for (const further of reachable(from, rest)) found.add(further);
	}
	return found;
}

it('a visit goes only where the table leads, whatever is pressed, in any order and at once', async () => {
	const reached = new Set<VisitState>();
	await fc.assert(
		fc.asyncProperty(moments, async (happening) => {
			const set = await scene(house, people);
			const { id } = await visiting.arrive(house.register, set.kiosk, set.codes.code);
			const at: Doing = { ...set, visit: id };
			let before = await visits(house.superuser).one(id);
			for (const together of happening) {
				const answers = await Promise.allSettled(together.map((way) => presses[way]?.press(at)));
				for (const answer of answers) {
					if (answer.status === 'rejected') expect(isFailure(answer.reason), String(answer.reason)).toBe(true);
				}
				const after = await visits(house.superuser).one(id);
				const allowed = reachable(
					before.state,
					together.map((way) => presses[way]?.events ?? [])
				);
				expect([...allowed], `${before.state}, ${together.join(' and ')}`).toContain(after.state);
				// Nothing of a call before the release; nothing that was not released; one plays in the player only.
				if (!after.verifiedBy)
					expect([after.state, after.recordings]).toEqual([expect.stringMatching(/waiting|ended/), []]);
				expect(set.calls).toEqual(expect.arrayContaining(after.recordings));
				expect(after.playing === '').toBe(after.state !== 'player');
				const { screen } = await view(house.register, set.secret);
				expect(screen).toBe(after.state === 'ended' ? 'attract' : after.state);
				reached.add(after.state);
				before = after;
				if (after.state === 'ended') break;
			}
			const lines = said(await logOf(house, { visit: id }));
			const count = (line: string): number => lines.filter((one) => one === line).length;
			expect(count('release_visit')).toBe(before.verifiedBy ? 1 : 0);
			expect(count('end_visit')).toBe(before.state === 'ended' ? 1 : 0);
			expect(count('report_not_my_call')).toBe(
				before.verifiedBy && !before.recordings.includes(set.calls[0] ?? '') ? 1 : 0
			);
		}),
		{ numRuns: 8, endOnFailure: true }
	);
	// The presses led somewhere: else nothing was seen.
	expect([...reached]).toEqual(expect.arrayContaining(['notice', 'headset', 'ended']));
}, 120_000);
