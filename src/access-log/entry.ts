import { hash } from 'node:crypto';
import * as v from 'valibot';
import { Failure } from '#failures.ts';
import { actions, measures, outcomes, purposes, roles, subjects, type Action, type Subject } from './words.ts';

const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,40}$/), v.check((text) => !/^\d{5,}$/.test(text)));
const code = v.pipe(v.string(), v.regex(/^[a-z_]{2,40}$/));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const actionNames = Object.keys(actions) as Action[];
const perSubject = Object.fromEntries(subjects.map((subject) => [subject, v.optional(id)])) as Record<
	Subject,
	v.OptionalSchema<typeof id, undefined>
>;

/** What is said of one access: closed words, opaque ids, whole numbers; no name, no number of a phone, no free text. */
const Said = v.strictObject({
	action: v.picklist(actionNames),
	/** The person or kiosk who did it. */
	actor: v.optional(id),
	role: v.picklist(roles),
	outcome: v.picklist(outcomes),
	/** Why it was refused or ended, as a code. */
	reason: v.optional(code),
	purpose: v.optional(v.picklist(purposes)),
	...perSubject,
	measures: v.optional(v.partial(v.strictObject(Object.fromEntries(measures.map((name) => [name, count])))))
});
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

/** What stands before the first entry. */
export const nothing = '0'.repeat(64);

/** Checks an entry; refuses with `invalid: log_entry` whatever is not a word of the lists, an id or a whole number. */
export function checked(entry: Entry): Entry {
	const result = v.safeParse(Said, entry);
	if (!result.success) {
		throw new Failure('invalid', 'log_entry', { field: v.getDotPath(result.issues[0]) ?? undefined });
	}
	return result.output;
}

/** The canonical form (RFC 8785; only objects, strings and whole numbers occur): keys sorted, no white space. */
export function canonical(value: object): string {
	const pairs = Object.entries(value).filter(([, one]) => one !== undefined);
	pairs.sort(([a], [b]) => (a < b ? -1 : 1));
	const form = (one: unknown): string => (typeof one === 'object' && one ? canonical(one) : JSON.stringify(one));
	return `{${pairs.map(([key, one]) => `${JSON.stringify(key)}:${form(one)}`).join(',')}}`;
}

/** SHA-256 over a canonical form, in hexadecimal. */
export function hashOf(text: string): string {
	return hash('sha256', text, 'hex');
}
