import { Failure } from '#failures.ts';
import { all } from '#access-log/pages.ts';
import { read } from '#access-log/reading.ts';
import { canonical, hashOf } from '#access-log/canonical.ts';
import { verify } from '#access-log/verify.ts';

/** How far a log goes. */
export interface LogState {
	entries: number;
	/** When its last entry was made: what was done after that, nobody knows any more. */
	lastAt: Date | undefined;
	/** What was destroyed after so many entries, by the recordings' ids. */
	destroyedSince: string[];
}

/** The state of a log in a folder, and what was destroyed in it after so many entries. */
export async function logState(folder: string, since: number): Promise<LogState> {
	const [last] = read(folder, { limit: 1 });
	const log = { read: async (question: Parameters<typeof read>[1]) => read(folder, question) };
	const destroyed = await all(log, { action: 'destroy_recording' }, since);
	return {
		entries: last?.sequence ?? 0,
		lastAt: last && new Date(last.at),
		destroyedSince: destroyed.flatMap(({ recording }) => recording ?? [])
	};
}

/**
 * Refuses with `invalid: not_one_register` a log that is not whole, or that does not go on from where the copy of a
 * register ended.
 */
export async function mustFollow(folder: string, copied: { entries: number; hash: string } | undefined): Promise<void> {
	const verdict = await verify(folder);
	if (!verdict.intact) notOneRegister(`The log in ${folder} is broken at entry ${verdict.sequence}: ${verdict.fault}.`);
	if (!copied || copied.entries === 0) return;
	const [entry] = read(folder, { limit: 1, after: copied.entries - 1 });
	if (!entry || entry.sequence !== copied.entries || hashOf(canonical(entry)) !== copied.hash) {
		notOneRegister(`The log in ${folder} is not that of this register, or older than the backup.`);
	}
}

export function notOneRegister(detail: string): never {
	throw new Failure('invalid', 'not_one_register', { detail: `${detail} Nothing was restored.` });
}
