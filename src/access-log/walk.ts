import type { DatabaseSync } from 'node:sqlite';
import { canonical, hashOf, keys, measureKeys, nothing } from './entry.ts';

/** The kinds of break. */
export type Fault =
	| 'missing' // an entry between two others is gone
	| 'inserted' // an entry stands where none can be
	| 'edited' // an entry is not what its hash was made of
	| 'reordered' // an entry of another place stands here
	| 'unlinked' // an entry does not follow the one before it
	| 'truncated' // a checkpoint counts more entries than there are
	| 'not_the_signed_one' // an entry is not the one that a checkpoint was signed over
	| 'checkpoint_unsigned' // a checkpoint is malformed or signed by another key
	| 'key_unsigned' // a rotation of the key is malformed or not signed by the key before
	| 'unreadable'; // the file is not a log

/** A part of a log, and the hashes that were signed in it, by the sequence of their entry. */
export interface Stretch {
	first: number;
	last: number;
	signed: ReadonlyMap<number, readonly string[]>;
}

/** What a stretch holds: its first break if there is one, and the last entry whose signed hash agrees; 0 for none. */
export interface Walked {
	broken?: { sequence: number; fault: Fault };
	agreed: number;
}

const chunk = 250;

/**
 * Walks a stretch from its first entry to its last and yields how many more were looked at, some hundreds at a time, so
 * that others get their turn and the log's file is not kept from being tidied. What stands before the stretch is taken
 * as it is: another stretch answers for it.
 */
export function* walk(database: DatabaseSync, { first, last, signed }: Stretch): Generator<number, Walked> {
	const before = database.prepare('SELECT hash FROM entries WHERE sequence = ?').get(first - 1);
	let previous = first === 1 ? nothing : String(before?.['hash']);
	let sequence = first - 1;
	let agreed = 0;
	const next = database.prepare(
		'SELECT sequence, canonical, hash FROM entries WHERE sequence BETWEEN ? AND ? ORDER BY sequence LIMIT ?'
	);
	next.setReturnArrays(true);
	while (sequence < last) {
		const rows: unknown[] = next.all(sequence + 1, last, chunk);
		for (const row of rows) {
			const [place, text, hash]: unknown[] = Array.isArray(row) ? row : [];
			sequence++;
			const fault = place === sequence ? faultOf(String(text), hash, { sequence, previous }) : 'missing';
			if (fault) return { broken: { sequence, fault }, agreed };
			previous = String(hash);
			for (const said of signed.get(sequence) ?? []) {
				if (said !== previous) return { broken: { sequence, fault: 'not_the_signed_one' }, agreed };
				agreed = sequence;
			}
		}
		yield rows.length;
		if (rows.length < chunk && sequence < last) return { broken: { sequence: sequence + 1, fault: 'missing' }, agreed };
	}
	return { agreed };
}

function faultOf(text: string, hash: unknown, at: { sequence: number; previous: string }): Fault | undefined {
	if (hashOf(text) !== hash) return 'edited';
	const [, previous, sequence] = form.exec(text) ?? slowly(text) ?? [];
	if (!sequence) return 'edited';
	if (sequence !== String(at.sequence)) return 'reordered';
	if (previous !== at.previous) return 'unlinked';
	return undefined;
}

// Every entry that we write has this form, each key at most once and in its order; to know it by that takes half the time
// of parsing an entry and writing it out again.
const text = '"[^"\\\\]*"';
const number = '(?:0|[1-9]\\d*)';
const form = new RegExp(
	`^${object({
		...Object.fromEntries(keys.map((key) => [key, text])),
		measures: object(Object.fromEntries(measureKeys.map((key) => [key, number]))),
		previous: '"([0-9a-f]{64})"',
		sequence: `(${number})`,
		v: number
	})}$`
);

function object(values: Record<string, string>): string {
	const pairs = Object.entries(values).map(([key, value]) => `(?:"${key}":${value}(?:,(?=")|(?=\\})))?`);
	return `\\{${pairs.join('')}\\}`;
}

/** For whatever else is canonical: entries of another version of the format. */
function slowly(text: string): [string, string, string] | undefined {
	try {
		const said: unknown = JSON.parse(text);
		if (!said || typeof said !== 'object' || canonical(said) !== text) return undefined;
		const { previous, sequence }: { previous?: unknown; sequence?: unknown } = said;
		return [text, String(previous), String(sequence)];
	} catch {
		return undefined;
	}
}
