import type { DatabaseSync } from 'node:sqlite';
import { hashOf, nothing } from './canonical.ts';
import { linkOf } from './form.ts';

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
		const rows = next.all(sequence + 1, last, chunk);
		for (const row of rows) {
			sequence++;
			const fault = faultOf(row, sequence, previous);
			if (fault) return { broken: { sequence, fault }, agreed };
			previous = String(row[2]);
			const said = signed.get(sequence);
			if (!said) continue;
			if (said.some((one) => one !== previous)) return { broken: { sequence, fault: 'not_the_signed_one' }, agreed };
			agreed = sequence;
		}
		yield rows.length;
		if (rows.length < chunk && sequence < last) return { broken: { sequence: sequence + 1, fault: 'missing' }, agreed };
	}
	return { agreed };
}

/** An array of sequence, canonical text and hash: each is looked at by its place, which costs the least. */
type Row = Readonly<Record<number, unknown>>;

function faultOf(row: Row, sequence: number, previous: string): Fault | undefined {
	if (row[0] !== sequence) return 'missing';
	const text = String(row[1]);
	if (hashOf(text) !== row[2]) return 'edited';
	const link = linkOf(text);
	if (!link?.sequence) return 'edited';
	if (link.sequence !== String(sequence)) return 'reordered';
	if (link.previous !== previous) return 'unlinked';
	return undefined;
}
