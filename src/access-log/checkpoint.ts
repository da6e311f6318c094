import type { KeyObject } from 'node:crypto';
import path from 'node:path';
import { rotate, signingKey } from './keys.ts';
import { addNote, mend, readNotes } from './note-file.ts';
import { openNote, origin, signNote } from './note.ts';
import { openOutside } from './outside.ts';

const everyMs = 30_000;

/** What a checkpoint says: so many entries, the last of which has this hash, at this time (c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
	size: number;
	/** Hexadecimal. */
	hash: string;
	/** UTC, ISO 8601. */
	at: string;
}

/** Signs where the log has come to: at once when the last is half a minute old, else within half a minute. */
export interface Checkpoints {
	noticed(tip: { sequence: number; hash: string }): void;
	/** Since when the second place cannot be written; undefined while it can, and where there is none. */
	readonly unreachedSince: Date | undefined;
	/** Has the key vouch for a new one from where the log has come to, and gives the new public key. */
	rotate(): Promise<string>;
	close(): Promise<void>;
}

/** Where a folder keeps its checkpoints. */
export function checkpointsIn(folder: string): string {
	return path.join(folder, 'checkpoints.txt');
}

/** The signed checkpoints of a folder, in the order in which they were written; undefined when it has no file of them. */
export async function readCheckpoints(folder: string): Promise<string[] | undefined> {
	return readNotes(checkpointsIn(folder));
}

/** Reads a signed checkpoint; undefined when it is malformed or not signed by this key. */
export function openCheckpoint(note: string, verifierKey: string): Checkpoint | undefined {
	const text = openNote(note, verifierKey) ?? '';
	const [, name, size, hash = '', at = ''] =
		/^([^\n]+)\n(\d{1,15})\n([A-Za-z0-9+/=]{44})\nat ([0-9TZ:.-]{24})\n$/.exec(text) ?? [];
	return name === origin ? { size: Number(size), hash: Buffer.from(hash, 'base64').toString('hex'), at } : undefined;
}

function signed({ size, hash, at }: Checkpoint, key: KeyObject): string {
	return signNote(`${origin}\n${size}\n${Buffer.from(hash, 'hex').toString('base64')}\nat ${at}\n`, key);
}

/**
 * Opens the checkpoints of a log; `outside` is the second place, on another disk or share.
 * Refuses with `unavailable: signing_key` when the log's key cannot be read.
 */
export async function openCheckpoints(
	directory: string,
	{ now, outside }: { now: () => Date; outside?: string | undefined }
): Promise<Checkpoints> {
	let key = await signingKey(directory);
	await mend(checkpointsIn(directory));
	const second = outside ? openOutside(checkpointsIn(outside), now) : undefined;
	let tip: { sequence: number; hash: string } | undefined;
	let signedSize = 0;
	let last = -everyMs;
	let timer: NodeJS.Timeout | undefined;
	let work = Promise.resolve();

	function plan(): void {
		if (timer) return;
		timer = setTimeout(write, Math.max(0, last + everyMs - performance.now()));
		timer.unref();
	}

	function write(): void {
		clearTimeout(timer);
		timer = undefined;
		if (!tip || tip.sequence === signedSize) return;
		const note = signed({ size: tip.sequence, hash: tip.hash, at: now().toISOString() }, key);
		signedSize = tip.sequence;
		last = performance.now();
		work = work.then(async () => {
			// The entries are on the disk already; a checkpoint that cannot be written must not stop them.
			await addNote(checkpointsIn(directory), note).catch(() => undefined);
			second?.send(note);
		});
	}

	return {
		noticed(found) {
			tip = found;
			plan();
		},
		get unreachedSince() {
			return second?.unreachedSince;
		},
		async rotate() {
			write();
			await work;
			const made = await rotate(directory, key, { after: tip?.sequence ?? 0, at: now().toISOString(), outside });
			key = made.key;
			return made.verifier;
		},
		async close() {
			write();
			await work;
			await second?.close();
		}
	};
}
