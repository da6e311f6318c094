import { setTimeout as wait } from 'node:timers/promises';
import { addNote, mend } from './note-file.ts';

const againMs = 30_000;
const patienceAtCloseMs = 3000;

/** The second place for checkpoints, on another disk or share. Nothing waits for it: it may be away, or hang. */
export interface Outside {
	/** Adds a note, or the last one given meanwhile, as soon as that can be; what it vouches for includes the earlier. */
	send(note: string): void;
	/** Since when nothing could be written; undefined while it can. */
	readonly unreachedSince: Date | undefined;
	/** Waits for what is under way, a moment at the most. */
	close(): Promise<void>;
}

/** Opens the second place by its file of notes. */
export function openOutside(file: string, now: () => Date): Outside {
	let waiting: string | undefined;
	let failedSince: Date | undefined;
	let begunAt: Date | undefined;
	let again: NodeJS.Timeout | undefined;
	let whole = false;
	let closed = false;
	let working: Promise<void> | undefined;

	async function work(): Promise<void> {
		for (let note = waiting; note !== undefined; note = waiting) {
			waiting = undefined;
			begunAt = now();
			const reached = await add(note);
			begunAt = undefined;
			if (reached) {
				failedSince = undefined;
				continue;
			}
			failedSince ??= now();
			waiting ??= note;
			// Whether or not entries arrive: it must be known when it is back.
			if (!closed) again = setTimeout(begin, againMs).unref();
			return;
		}
	}

	async function add(note: string): Promise<boolean> {
		try {
			// A loss of power, there or here, may have left a part of the last one.
			if (!whole) await mend(file);
			whole = true;
			await addNote(file, note);
			return true;
		} catch {
			whole = false;
			return false;
		}
	}

	function begin(): void {
		clearTimeout(again);
		working ??= work().finally(() => (working = undefined));
	}

	return {
		send(note) {
			waiting = note;
			begin();
		},
		get unreachedSince() {
			return failedSince ?? begunAt;
		},
		async close() {
			closed = true;
			clearTimeout(again);
			const over = new AbortController();
			await Promise.race([
				working,
				wait(patienceAtCloseMs, undefined, { signal: over.signal, ref: false }).catch(() => undefined)
			]);
			over.abort();
		}
	};
}
