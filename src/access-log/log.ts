import { chmodSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Failure } from '#failures.ts';
import { openCheckpoints, type Checkpoints } from './checkpoint.ts';
import { fileOf, openForReading, openForWriting } from './database.ts';
import { canonical, checked, hashOf, nothing, type Entry, type Logged } from './entry.ts';

/** By which an entry can be found; all that are given must fit. */
export type Where = Partial<
	Record<'action' | 'actor' | 'role' | 'outcome' | 'recording' | 'request' | 'visit' | 'kiosk' | 'office' | 'person', string>
> & {
	/** UTC instants, ISO 8601; from is included, to is not. */
	from?: string;
	to?: string;
};

/** The access log, with this process as its only writer. */
export interface AccessLog {
	/**
	 * Writes entries and resolves when they are on the disk (fsync). All or nothing: `unavailable: access_log_unwritable`
	 * when they are not, and the next call tries anew. Entries that arrive together share one commit.
	 */
	append(entry: Entry | Entry[]): Promise<void>;
	/** Newest first, below `before` when given. */
	read(question: { before?: number; limit: number; where?: Where }): Promise<Logged[]>;
	/** How many commits there were. */
	readonly commits: number;
	/** Whether the second place for checkpoints could be written the last time; true where there is none. */
	readonly checkpointsReached: boolean;
	/** Signs a last checkpoint and lets the file go. */
	close(): Promise<void>;
}

interface Waiting {
	entries: Entry[];
	done: () => void;
	failed: (fault: Failure) => void;
}

/**
 * Opens the log in its folder. Refuses with `conflict: access_log_in_use` when another process writes it, and with
 * `unavailable: access_log_unwritable` when it cannot be written.
 */
export async function openAccessLog(
	directory: string,
	{ now, checkpoints: outside }: { now: () => Date; checkpoints?: string | undefined }
): Promise<AccessLog> {
	mkdirSync(directory, { recursive: true, mode: 0o700 });
	const lock = takeLock(directory);
	const checkpoints: Checkpoints = await openCheckpoints(directory, { now, outside });
	let open: { database: DatabaseSync; inode: number } | undefined;
	let tip = { sequence: 0, hash: nothing };
	let waiting: Waiting[] = [];
	let commits = 0;
	let closed = false;

	function connect(): DatabaseSync {
		// Written to a file that somebody took away, an entry would be on no disk.
		if (open && statSync(fileOf(directory)).ino !== open.inode) disconnect();
		if (open) return open.database;
		const database = openForWriting(directory);
		chmodSync(fileOf(directory), 0o600);
		const last = database.prepare('SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1').get();
		const found = { sequence: Number(last?.['sequence'] ?? 0), hash: String(last?.['hash'] ?? nothing) };
		if (tip.sequence > 0 && (found.sequence !== tip.sequence || found.hash !== tip.hash)) {
			database.close();
			throw new Error('the file is not the one that was written before');
		}
		tip = found;
		open = { database, inode: statSync(fileOf(directory)).ino };
		return database;
	}

	function disconnect(): void {
		try {
			open?.database.close();
		} catch {
			// It is gone already; the next entry opens it anew.
		}
		open = undefined;
	}

	function flush(): void {
		const batch = waiting;
		waiting = [];
		if (batch.length === 0) return;
		try {
			tip = write(connect(), batch.flatMap(({ entries }) => entries));
			commits++;
			for (const { done } of batch) done();
		} catch (cause) {
			disconnect();
			const fault = new Failure('unavailable', 'access_log_unwritable', { cause });
			for (const { failed } of batch) failed(fault);
			return;
		}
		checkpoints.noticed(tip);
	}

	function write(database: DatabaseSync, entries: Entry[]): typeof tip {
		let { sequence, hash } = tip;
		database.exec('BEGIN IMMEDIATE');
		const insert = database.prepare('INSERT INTO entries (sequence, canonical, hash) VALUES (?, ?, ?)');
		const at = now().toISOString();
		for (const entry of entries) {
			const text = canonical({ ...entry, sequence: ++sequence, at, previous: hash, v: 1 });
			hash = hashOf(text);
			insert.run(sequence, text, hash);
		}
		database.exec('COMMIT');
		return { sequence, hash };
	}

	try {
		connect();
	} catch (cause) {
		lock.close();
		throw new Failure('unavailable', 'access_log_unwritable', {
			cause,
			detail: `The access log in ${directory} cannot be written, so nothing may be played.`
		});
	}

	return {
		get commits() {
			return commits;
		},
		get checkpointsReached() {
			return checkpoints.reached;
		},
		async append(given) {
			const entries = (Array.isArray(given) ? given : [given]).map(checked);
			if (closed) throw new Failure('unavailable', 'access_log_unwritable');
			await new Promise<void>((done, failed) => {
				waiting.push({ entries, done, failed });
				if (waiting.length === 1) setImmediate(flush);
			});
		},
		async read({ before, limit, where = {} }) {
			const { from, to, ...equal } = where;
			const wanted: [string, SQLInputValue | undefined][] = [
				['sequence < ?', before],
				['at >= ?', from],
				['at < ?', to],
				...Object.entries(equal).map(([name, value]): [string, string | undefined] => [`${name} = ?`, value])
			];
			const given = wanted.filter((pair): pair is [string, SQLInputValue] => pair[1] !== undefined);
			const rule = given.length > 0 ? `WHERE ${given.map(([text]) => text).join(' AND ')}` : '';
			const database = openForReading(directory);
			try {
				return database
					.prepare(`SELECT canonical FROM entries ${rule} ORDER BY sequence DESC LIMIT ?`)
					.all(...given.map(([, value]) => value), limit)
					.map((row) => JSON.parse(String(row['canonical'])));
			} finally {
				database.close();
			}
		},
		async close() {
			if (closed) return;
			flush();
			closed = true;
			await checkpoints.close();
			disconnect();
			lock.close();
		}
	};
}

/** One writer: an exclusive lock on a file of its own, which the system frees when the process ends, however it ends. */
function takeLock(directory: string): DatabaseSync {
	const lock = new DatabaseSync(path.join(directory, 'writer.lock'));
	try {
		lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
		return lock;
	} catch (cause) {
		lock.close();
		throw new Failure('conflict', 'access_log_in_use', {
			cause,
			detail: 'Another process writes the access log of this data folder; there is one writer only.'
		});
	}
}
