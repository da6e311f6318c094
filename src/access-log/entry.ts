import * as v from 'valibot';
import { Failure } from '#failures.ts';
import { actions, measures, outcomes, purposes, roles, subjects } from './words.ts';

// Ids as PocketBase makes them. One of digits only could be a phone number; a name is not of this form.
const id = v.pipe(v.string(), v.regex(/^(?!\d+$)[a-z0-9]{15}$/));
const code = v.pipe(v.string(), v.regex(/^[a-z_]{2,40}$/));
// Parts of a recording in whole seconds, `0-12,30-45`: too short for a number of a phone.
const ranges = v.pipe(v.string(), v.regex(/^\d{1,5}-\d{1,5}(,\d{1,5}-\d{1,5}){0,39}$/));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What is said of one access: closed words, opaque ids, whole numbers; no name, no number of a phone, no free text. */
const Said = v.pipe(
	v.strictObject({
		action: v.picklist(wordsOf(actions)),
		/** The person or kiosk who did it. */
		actor: v.optional(id),
		role: v.picklist(wordsOf(roles)),
		outcome: v.picklist(wordsOf(outcomes)),
		/** Why it was refused or ended, as a code. */
		reason: v.optional(code),
		purpose: v.optional(v.picklist(wordsOf(purposes))),
		...v.entriesFromList(wordsOf(subjects), v.optional(id)),
		/** Which parts of the recording sounded. */
		heard: v.optional(ranges),
		measures: v.optional(v.strictObject(v.entriesFromList(wordsOf(measures), v.optional(count))))
	}),
	v.forward(
		v.check(({ outcome, reason }) => outcome === 'done' || reason !== undefined),
		['reason']
	)
);
export type Entry = v.InferInput<typeof Said>;

/** An entry as it stands in the log. */
export interface Logged extends Entry {
	/** From 1, without gaps. */
	sequence: number;
	/** UTC, ISO 8601 with milliseconds. */
	at: string;
	/** The hash of the entry before; 64 zeros before the first. */
	previous: string;
	/** The format of this entry. */
	v: 1;
}

/**
 * Checks an entry; refuses with `invalid: log_entry` whatever is not a word of the lists, an id or a whole number, and a
 * refusal that does not say why.
 */
export function checked(entry: Entry): Entry {
	const result = v.safeParse(Said, entry);
	if (!result.success) {
		throw new Failure('invalid', 'log_entry', { field: v.getDotPath(result.issues[0]) ?? undefined });
	}
	return result.output;
}

/** The words of a list; `Object.keys` forgets that it knows them. */
function wordsOf<Word extends string>(list: Record<Word, string>): Word[] {
	return Object.keys(list) as Word[];
}
