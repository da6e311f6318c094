import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Action } from './words.ts';

/** Room for about a hundred commits. */
const bytes = 4 * 1024 * 1024;

/** What ends something that runs: on a full disk these find room when nothing else does. */
const endings: readonly Action[] = ['listen_end', 'end_visit', 'report_not_my_call', 'revoke_kiosk', 'system_stop'];

/** Whether entries only end what runs. */
export function isEnding(entries: readonly { action: string }[]): boolean {
	return entries.every(({ action }) => endings.some((ending) => ending === action));
}

/** Whether a disk said that it is full. */
export function isFull(cause: unknown): boolean {
	if (!(cause instanceof Error)) return false;
	return ('code' in cause && cause.code === 'ENOSPC') || ('errcode' in cause && cause.errcode === 13); // SQLITE_FULL
}

/** Room on the log's disk, taken by a file beside it. */
export interface Reserve {
	/** Takes the room if it is not taken; says whether it is. */
	hold(): boolean;
	/** Gives the room back. */
	release(): void;
}

/** The reserve of a log's folder; nothing is taken yet. */
export function openReserve(directory: string): Reserve {
	const file = path.join(directory, 'reserve');
	let held = false;

	function release(): void {
		held = false;
		rmSync(file, { force: true });
	}

	return {
		hold() {
			if (held) return true;
			try {
				held = statSync(file, { throwIfNoEntry: false })?.size === bytes || take(file);
			} catch {
				release();
			}
			return held;
		},
		release
	};
}

// No two bytes alike: a file system that packs its files would keep no room behind zeros.
function take(file: string): true {
	const handle = openSync(file, 'w', 0o600);
	try {
		writeSync(handle, randomBytes(bytes));
		fsyncSync(handle);
		return true;
	} finally {
		closeSync(handle);
	}
}
