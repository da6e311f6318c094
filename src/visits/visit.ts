import * as v from 'valibot';
import { collection, instant, knownInstant } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';

/** Where a visit can be. */
export const states = ['waiting', 'notice', 'headset', 'list', 'player', 'leaving', 'ended'] as const;
export type VisitState = (typeof states)[number];

/** The steps that a visitor takes. */
export const visitorEvents = ['notice_read', 'headset_ok', 'choose', 'back', 'leave'] as const;
export type VisitorEvent = (typeof visitorEvents)[number];
/** What can happen to a visit; `release` is the contact person's alone. */
export const events = ['release', ...visitorEvents, 'not_mine', 'end'] as const;
export type VisitEvent = (typeof events)[number];

/**
 * The visit machine: every step that there is. What does not stand here does not happen. Whoever is in the list has
 * been released, has read the notice and has checked the headset.
 */
const table: Record<VisitState, Partial<Record<VisitEvent, VisitState>>> = {
	waiting: { release: 'notice', end: 'ended' },
	notice: { notice_read: 'headset', end: 'ended' },
	headset: { headset_ok: 'list', back: 'notice', end: 'ended' },
	list: { choose: 'player', back: 'headset', not_mine: 'list', leave: 'leaving', end: 'ended' },
	player: { choose: 'player', back: 'list', not_mine: 'list', leave: 'leaving', end: 'ended' },
	leaving: { back: 'list', end: 'ended' },
	ended: {}
};

/** Where an event leads from a state; undefined when it leads nowhere. */
export function next(state: VisitState, event: VisitEvent): VisitState | undefined {
	return table[state][event];
}

/** Why a visit can end. */
export const endings = [
	'customer',
	'contact_person',
	'slot_over',
	'revoked',
	'idle',
	'not_verified',
	'maintainer'
] as const;
export type Ending = (typeof endings)[number];

/** The kinds of document that a contact person may have looked at; never a number, never an image. */
export const documents = ['identity_card', 'passport', 'driving_licence', 'residence_permit', 'known_person'] as const;
export type DocumentKind = (typeof documents)[number];

const Row = v.pipe(
	v.object({
		id: v.string(),
		appointment: v.string(),
		request: v.string(),
		office: v.string(),
		kiosk: v.string(),
		ends: knownInstant,
		language: v.picklist(['fi', 'sv', 'en']),
		state: v.picklist(states),
		arrived: knownInstant,
		verified_by: v.string(),
		recordings: v.array(v.string()),
		shown: v.array(v.string()),
		playing: v.string(),
		position_ms: v.number(),
		called: instant,
		wishes: v.array(v.string())
	}),
	v.transform(({ verified_by, position_ms, ...row }) => ({
		...row,
		/** Who checked the identity document; empty while nobody has. */
		verifiedBy: verified_by,
		/** Where the playing recording stood last. */
		positionMs: position_ms
	}))
);
/** A customer at a kiosk, from the code to the end. */
export type Visit = v.InferOutput<typeof Row>;

/** The visits as one client may see them. */
export function visits(as: Client) {
	return collection(as, 'visits', Row);
}
