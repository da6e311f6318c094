import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure } from '#failures.ts';
import { makeFile } from './database.ts';

const busy = 5; // SQLITE_BUSY

/**
 * Makes this process the one writer of a log: an exclusive lock on a file of its own, which the system frees when the
 * process ends, however it ends. Refuses with `conflict: access_log_in_use` while another holds it.
 */
export function takeLock(directory: string): DatabaseSync {
	const file = path.join(directory, 'writer.lock');
	makeFile(file);
	const lock = new DatabaseSync(file);
	try {
		lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
		return lock;
	} catch (cause) {
		lock.close();
		if (!(cause instanceof Error && 'errcode' in cause && cause.errcode === busy)) throw cause;
		throw new Failure('conflict', 'access_log_in_use', {
			cause,
			detail: 'Another process writes the access log of this data folder; there is one writer only.'
		});
	}
}
