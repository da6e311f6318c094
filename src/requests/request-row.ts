import * as v from 'valibot';
import { collection, instant, knownInstant } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';

/** How a request may come. */
export const channels = ['phone', 'email', 'letter', 'in_person', 'message'] as const;
export const languages = ['fi', 'sv', 'en'] as const;
/** How far a request is. */
export const states = ['received', 'matched', 'booked', 'heard', 'closed'] as const;
export type RequestState = (typeof states)[number];
/** How a request may end. */
export const endings = [
	'heard',
	'nothing_found',
	'destroyed_before_receipt',
	'withdrawn',
	'refused',
	'duplicate'
] as const;
export type RequestEnding = (typeof endings)[number];
/** What the customer needs at the office. */
export const needs = ['hearing_loop', 'wheelchair', 'interpreter', 'companion'] as const;
export type Need = (typeof needs)[number];
/** How they want to have it: listening is offered; a copy or a text is a task, and never made here. */
export const wants = ['listen', 'copy', 'text', 'information'] as const;
/** What the customer may ask for besides; while one is open the request is. */
export const wishes = ['copy', 'correction', 'talk', 'text'] as const;
export type Wish = (typeof wishes)[number];
/** On what basis somebody acts for the customer; it was seen, and no copy of it is kept. */
export const actingBases = ['custody', 'guardianship', 'continuing_power', 'power_of_attorney'] as const;
/** Why an answer may be put off (GDPR Art. 12(3)). */
export const extensionGrounds = ['complex', 'many'] as const;
/** Why a request may be refused (GDPR Art. 12(2), 12(5), 15(4); Data Protection Act § 34). */
export const refusalGrounds = ['not_identified', 'unfounded', 'excessive', 'others_rights', 'law'] as const;
/** How a wish was answered. */
export const wishOutcomes = ['done', 'heard_instead', 'refused', 'withdrawn'] as const;
export type WishOutcome = (typeof wishOutcomes)[number];

const maybe = <const W extends readonly string[]>(words: W) =>
	v.pipe(
		v.union([v.picklist(words), v.literal('')]),
		v.transform((word) => (word === '' ? undefined : word))
	);
const Outcomes = v.pipe(
	v.nullable(
		v.array(
			v.object({ wish: v.picklist(wishes), outcome: v.picklist(wishOutcomes), at: v.pipe(v.string(), v.toDate()) })
		)
	),
	v.transform((some) => some ?? [])
);

const Row = v.pipe(
	v.object({
		id: v.string(),
		received: knownInstant,
		channel: v.picklist(channels),
		language: v.picklist(languages),
		name: v.string(),
		reach: v.string(),
		remembers: v.string(),
		state: v.picklist(states),
		closed_as: v.union([v.picklist(endings), v.literal('')]),
		closed: instant,
		due: knownInstant,
		recordings: v.array(v.string()),
		not_mine: v.array(v.string()),
		wishes: v.array(v.picklist(wishes)),
		needs: v.array(v.picklist(needs)),
		wants: v.array(v.picklist(wants)),
		acting_name: v.string(),
		acting_basis: maybe(actingBases),
		call_day: v.string(),
		ruled_out: v.array(v.string()),
		checked: v.array(v.string()),
		outcomes: Outcomes,
		extended: instant,
		extension_months: v.number(),
		extension_ground: maybe(extensionGrounds),
		extension_note: v.string(),
		refused_ground: maybe(refusalGrounds),
		refused_note: v.string(),
		destruction: v.string(),
		duplicate_of: v.string(),
		alike_name: v.string(),
		alike_reach: v.string(),
		erased: instant
	}),
	v.transform((row) => ({
		id: row.id,
		received: row.received,
		channel: row.channel,
		language: row.language,
		name: row.name,
		reach: row.reach,
		remembers: row.remembers,
		state: row.state,
		closedAs: row.closed_as === '' ? undefined : row.closed_as,
		closed: row.closed,
		due: row.due,
		recordings: row.recordings,
		/** Bound recordings that the visitor said are not theirs. */
		notMine: row.not_mine,
		/** Recordings that the desk found to be somebody else's. */
		ruledOut: row.ruled_out,
		/** Recordings of which the desk has heard its half minute. */
		checked: row.checked,
		/** The wishes that nobody has answered yet. */
		wishes: row.wishes,
		outcomes: row.outcomes,
		needs: row.needs,
		wants: row.wants,
		acting: row.acting_basis && { name: row.acting_name, basis: row.acting_basis },
		/** About when the call was (YYYY-MM-DD); empty when nobody knows. */
		callDay: row.call_day,
		extension: row.extended &&
			row.extension_ground && {
				at: row.extended,
				months: row.extension_months,
				ground: row.extension_ground,
				note: row.extension_note
			},
		refusal: row.refused_ground && { ground: row.refused_ground, note: row.refused_note },
		/** The record of the destruction that ended it. */
		destruction: row.destruction,
		/** The request of which it is a duplicate. */
		duplicateOf: row.duplicate_of,
		/** Name and reach in one spelling, to find likely duplicates by. */
		alike: { name: row.alike_name, reach: row.alike_reach },
		/** When the requester's data were gone. */
		erased: row.erased
	}))
);
/** A data subject's wish to hear their own call (register description § 8b). */
export type SubjectRequest = v.InferOutput<typeof Row>;

/** The requests as one client may see them. */
export function requests(as: Client) {
	return collection(as, 'requests', Row);
}
