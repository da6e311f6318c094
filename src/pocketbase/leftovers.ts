import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { Failure } from '#failures.ts';
import { copiesIn } from './migrations.ts';

/**
 * Sees to it that what PocketBase has answered is on the disk: it commits without waiting for that. Refuses with
 * `unavailable: not_settled`.
 */
export async function settle(data: string): Promise<void> {
	const fault = await work(data, { anew: false });
	if (!fault) return;
	throw new Failure('unavailable', 'not_settled', {
		cause: fault,
		detail: 'What the database has stored could not be brought to the disk.'
	});
}

/**
 * Clears the database's files of what was deleted from it: writes it anew without its free pages, and empties the
 * write-ahead log; copies of it from before an update go too. SQLite leaves deleted rows readable in both, and PocketBase
 * cannot be told to overwrite them. Works beside a running PocketBase, whose writing waits meanwhile; needs as much free
 * disk as the database is large.
 * Refuses with `unavailable: leftovers` when it could not be done to the end.
 */
export async function clearLeftovers(data: string): Promise<void> {
	const fault = await work(data, { anew: true }).then(
		async (fault) => fault ?? rm(copiesIn(data), { recursive: true, force: true }).catch((cause: unknown) => cause)
	);
	if (!fault) return;
	throw new Failure('unavailable', 'leftovers', {
		cause: fault,
		detail: 'What was deleted could not be cleared from the database’s files; the next sweep tries again.'
	});
}

async function work(data: string, { anew }: { anew: boolean }): Promise<unknown> {
	const file = path.join(data, 'pocketbase', 'data.db');
	const worker = new Worker(new URL('./settling.ts', import.meta.url), { workerData: { file, anew } });
	return new Promise((resolve) => {
		worker.once('error', resolve);
		worker.once('exit', (code) => resolve(code === 0 ? undefined : new Error('it ended')));
	});
}
