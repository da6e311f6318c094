import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as letOthers } from 'node:timers/promises';
import { Failure } from '#failures.ts';
import { publicKeyOf, readNotes } from './checkpoint.ts';
import { fileOf, openForReading } from './database.ts';
import { canonical, hashOf, nothing } from './entry.ts';
import { openNote, type Checkpoint } from './note.ts';

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
	| 'unreadable'; // the file is not a log

/** What a verification found: whole up to its last entry, or the first break. */
export type Verdict =
	| {
			intact: true;
			entries: number;
			/** The last one that agreed: entries after it could have been rewritten without a trace. */
			checkpoint: Checkpoint | undefined;
	  }
	| { intact: false; sequence: number; fault: Fault };

type Signed = Map<number, Checkpoint[]>;

const chunk = 1000;
const lowest = -(2n ** 63n);

/**
 * Walks the log from its first entry, read-only, also while the application writes on, and compares it with the signed
 * checkpoints beside it and in a second folder. Names the first break in the entries; a checkpoint that is not signed by
 * the key counts when they are whole. Never throws for what it finds; refuses with `unavailable: checkpoints_unreadable`
 * when the second folder holds no checkpoints to compare with.
 */
export async function verify(
	directory: string,
	{
		checkpoints,
		publicKey,
		onProgress
	}: {
		checkpoints?: string | undefined;
		/** In the note format's own form; else the one beside the log, which proves less. */
		publicKey?: string | undefined;
		onProgress?: ((entries: number) => void) | undefined;
	} = {}
): Promise<Verdict> {
	const key = publicKey ?? (await publicKeyOf(directory)) ?? '';
	const outside = checkpoints === undefined ? [] : await readNotes(checkpoints);
	if (!outside) {
		throw new Failure('unavailable', 'checkpoints_unreadable', {
			detail: `There are no checkpoints to compare with in ${checkpoints}.`
		});
	}
	const opened = [...((await readNotes(directory)) ?? []), ...outside].map((note) => openNote(note, key));
	const signed: Signed = new Map();
	for (const note of opened) if (note) signed.set(note.size, [...(signed.get(note.size) ?? []), note]);

	const verdict = await walkFile(directory, signed, onProgress);
	if (verdict.intact && opened.includes(undefined)) {
		return { intact: false, sequence: verdict.entries, fault: 'checkpoint_unsigned' };
	}
	return verdict;
}

async function walkFile(directory: string, signed: Signed, onProgress?: (entries: number) => void): Promise<Verdict> {
	// Founded, and not used yet.
	if (signed.size === 0 && !existsSync(fileOf(directory))) return { intact: true, entries: 0, checkpoint: undefined };
	try {
		const database = openForReading(directory);
		try {
			return await walk(database, signed, onProgress);
		} finally {
			database.close();
		}
	} catch {
		return { intact: false, sequence: 0, fault: 'unreadable' };
	}
}

async function walk(database: DatabaseSync, signed: Signed, onProgress?: (entries: number) => void): Promise<Verdict> {
	let [sequence, previous] = [0, nothing];
	let checkpoint: Checkpoint | undefined;
	const next = database.prepare(
		'SELECT sequence, canonical, hash FROM entries WHERE sequence >= ? ORDER BY sequence LIMIT ?'
	);
	// An edited number may be larger than a JavaScript number holds.
	next.setReadBigInts(true);
	// In pieces: a server that verifies itself goes on answering, and its log's file is not kept from being tidied.
	for (let rows = next.all(lowest, chunk); rows.length > 0; rows = next.all(BigInt(sequence + 1), chunk)) {
		for (const row of rows) {
			sequence++;
			const fault = faultOf(row, sequence, previous);
			if (fault) return { intact: false, sequence, fault };
			previous = String(row['hash']);
			for (const note of signed.get(sequence) ?? []) {
				if (note.hash !== previous) return { intact: false, sequence, fault: 'not_the_signed_one' };
				checkpoint = note;
			}
		}
		onProgress?.(sequence);
		await letOthers();
	}
	if ([...signed.keys()].some((size) => size > sequence))
		return { intact: false, sequence: sequence + 1, fault: 'truncated' };
	return { intact: true, entries: sequence, checkpoint };
}

function faultOf(row: Record<string, unknown>, sequence: number, previous: string): Fault | undefined {
	if (row['sequence'] !== BigInt(sequence)) return Number(row['sequence']) > sequence ? 'missing' : 'inserted';
	const text = String(row['canonical']);
	if (hashOf(text) !== row['hash']) return 'edited';
	const said = parsed(text);
	if (!said || canonical(said) !== text) return 'edited';
	if (said['sequence'] !== sequence) return 'reordered';
	if (said['previous'] !== previous) return 'unlinked';
	return undefined;
}

function parsed(text: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return value && typeof value === 'object' ? { ...value } : undefined;
	} catch {
		return undefined;
	}
}
