import type { DatabaseSync } from 'node:sqlite';
import { publicKeyOf, readNotes } from './checkpoint.ts';
import { openForReading } from './database.ts';
import { canonical, hashOf, nothing } from './entry.ts';
import { openNote, type Checkpoint } from './note.ts';

/** The kinds of break. */
export type Fault =
	| 'missing' // an entry between two others is gone
	| 'edited' // an entry is not what its hash was made of
	| 'unlinked' // an entry does not follow the one before it
	| 'truncated' // a checkpoint counts more entries than there are
	| 'not_the_signed_one' // an entry is not the one that a checkpoint was signed over
	| 'checkpoint_unsigned' // a checkpoint is malformed or signed by another key
	| 'unreadable'; // the file is not a log

/** What a verification found: whole, or the first break. */
export type Verdict =
	| { intact: true; entries: number; checkpoint: Checkpoint | undefined }
	| { intact: false; sequence: number; fault: Fault };

/**
 * Walks the log from its first entry, read-only, also while the application writes on, and compares it with the signed
 * checkpoints beside it and in a second folder. Never throws for what it finds.
 */
export async function verify(
	directory: string,
	{ checkpoints, publicKey, onProgress }: {
		checkpoints?: string | undefined;
		publicKey?: string | undefined;
		onProgress?: (entries: number) => void;
	} = {}
): Promise<Verdict> {
	const key = publicKey ?? (await publicKeyOf(directory)) ?? '';
	const notes = [...(await readNotes(directory)), ...(checkpoints ? await readNotes(checkpoints) : [])];
	const opened = notes.map((note) => openNote(note, key));
	const signed = new Map<number, Checkpoint[]>();
	for (const note of opened) if (note) signed.set(note.size, [...(signed.get(note.size) ?? []), note]);

	let verdict: Verdict;
	try {
		const database = openForReading(directory);
		try {
			verdict = walk(database, signed, onProgress);
		} finally {
			database.close();
		}
	} catch {
		return { intact: false, sequence: 0, fault: 'unreadable' };
	}
	if (verdict.intact && opened.includes(undefined)) {
		return { intact: false, sequence: verdict.entries, fault: 'checkpoint_unsigned' };
	}
	return verdict;
}

function walk(
	database: DatabaseSync,
	signed: Map<number, Checkpoint[]>,
	onProgress: ((entries: number) => void) | undefined
): Verdict {
	let [sequence, previous] = [0, nothing];
	let checkpoint: Checkpoint | undefined;
	for (const row of database.prepare('SELECT sequence, canonical, hash FROM entries ORDER BY sequence').iterate()) {
		sequence++;
		const broken = (fault: Fault): Verdict => ({ intact: false, sequence, fault });
		if (row['sequence'] !== sequence) return broken('missing');
		const text = String(row['canonical']);
		if (hashOf(text) !== row['hash']) return broken('edited');
		const said = parsed(text);
		if (!said || canonical(said) !== text || said['sequence'] !== sequence) return broken('edited');
		if (said['previous'] !== previous) return broken('unlinked');
		previous = hashOf(text);
		for (const note of signed.get(sequence) ?? []) {
			if (note.hash !== previous) return broken('not_the_signed_one');
			checkpoint = note;
		}
		if (sequence % 10_000 === 0) onProgress?.(sequence);
	}
	const promised = Math.max(0, ...signed.keys());
	if (promised > sequence) return { intact: false, sequence: sequence + 1, fault: 'truncated' };
	return { intact: true, entries: sequence, checkpoint };
}

function parsed(text: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return value && typeof value === 'object' ? { ...value } : undefined;
	} catch {
		return undefined;
	}
}
