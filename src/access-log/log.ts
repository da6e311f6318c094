import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Failure, isFailure } from '#failures.ts';
import { canonical, hashOf, nothing } from './canonical.ts';
import { openCheckpoints, type Checkpoints } from './checkpoint.ts';
import { fileOf, makeFile, openForWriting } from './database.ts';
import { checked, type Entry, type Logged } from './entry.ts';
import { takeLock } from './lock.ts';
import type { Proof } from './proving.ts';
import { read, type Question } from './reading.ts';
import { isEnding, isFull, openReserve } from './reserve.ts';
import { verify } from './verify.ts';

/** The access log, with this process as its only writer. */
export interface AccessLog {
	/**
	 * Writes entries and resolves when they are on the disk (fsync). Entries that arrive together share one commit.
	 * Rejects with `invalid: log_entry`, or with `unavailable: access_log_unwritable` when they may not be on the disk;
	 * then they are there together or not at all, and the next call tries anew. On a full disk the entries that end
	 * something still find room.
	 */
	append(entry: Entry | Entry[]): Promise<void>;
	/** Newest first, below `before` when given; above `after` oldest first. Refuses with `unavailable: access_log_unreadable`. */
	read(question: Question): Promise<Logged[]>;
	/**
	 * Whether an entry could be written now, as far as that can be known without one; on a full disk it could not, though
	 * what ends something still finds room.
	 */
	isWritable(): boolean;
	/** Since when entries are refused because the file cannot be written; undefined while it can. */
	readonly unwritableSince: Date | undefined;
	/** How many commits there were. */
	readonly commits: number;
	/** Since when the second place for checkpoints cannot be written; undefined while it can, and where there is none. */
	readonly checkpointsUnreachedSince: Date | undefined;
	/** Gives the log a new signing key, for which the old one vouches, and that key's public one; an entry says so first. */
	rotateKey(entry: Entry): Promise<string>;
	/**
	 * Walks the whole log as it is on the disk, and compares it with the checkpoints in both places. The entry that says who
	 * had it done comes first.
	 */
	verify(entry: Entry): Promise<Proof>;
	/** What the last verification of this process found; undefined before the first. */
	readonly proof: Proof | undefined;
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
	const file = fileOf(directory);
	let lock: DatabaseSync | undefined;
	let checkpoints: Checkpoints;
	let open: { database: DatabaseSync; inode: number } | undefined;
	let tip = { sequence: 0, hash: nothing };
	let waiting: Waiting[] = [];
	let commits = 0;
	let unwritableSince: Date | undefined;
	let closed = false;
	let proof: Proof | undefined;
	const reserve = openReserve(directory);

	function connect(): DatabaseSync {
		// A log that has begun and is gone is not begun anew.
		if (tip.sequence === 0) makeFile(file);
		// What SQLite holds open it could write on; whoever made the folder read-only wants it to stop.
		for (const place of [directory, file]) accessSync(place, constants.W_OK);
		// Written to a file that somebody took away, an entry would be on no disk.
		const inode = statSync(file).ino;
		if (open?.inode === inode) return open.database;
		disconnect();
		const database = openForWriting(directory);
		try {
			tip = follow(database);
		} catch (cause) {
			database.close();
			throw cause;
		}
		open = { database, inode };
		return database;
	}

	/**
	 * Where the file has come to. It must hold what was written last; it may hold more, when a commit got to the disk
	 * although the disk said no.
	 */
	function follow(database: DatabaseSync): typeof tip {
		const ours = database.prepare('SELECT hash FROM entries WHERE sequence = ?').get(tip.sequence);
		if (tip.sequence > 0 && ours?.['hash'] !== tip.hash) throw new Error('this is not the log that was written before');
		const last = database.prepare('SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1').get();
		return { sequence: Number(last?.['sequence'] ?? 0), hash: String(last?.['hash'] ?? nothing) };
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
		let cause: unknown;
		if (reserve.hold()) {
			cause = commit(batch);
			if (cause === undefined) return void (unwritableSince = undefined);
			if (!isFull(cause)) return refuse(batch, cause);
			reserve.release();
		}
		// Until the reserve is whole again, what room there is belongs to what ends something.
		const endings = batch.filter(({ entries }) => isEnding(entries));
		refuse(
			batch.filter((one) => !endings.includes(one)),
			cause
		);
		const fault = endings.length > 0 ? commit(endings) : undefined;
		if (fault !== undefined) refuse(endings, fault);
	}

	/** Why it could not be written; undefined when it is on the disk. */
	function commit(batch: Waiting[]): unknown {
		try {
			tip = write(
				connect(),
				batch.flatMap(({ entries }) => entries)
			);
		} catch (cause) {
			disconnect();
			return cause ?? new Error('unknown');
		}
		commits++;
		for (const { done } of batch) done();
		checkpoints.noticed(tip);
		return undefined;
	}

	function refuse(batch: Waiting[], cause: unknown): void {
		unwritableSince ??= now();
		const fault = new Failure('unavailable', 'access_log_unwritable', { cause });
		for (const { failed } of batch) failed(fault);
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
		mkdirSync(directory, { recursive: true, mode: 0o700 });
		lock = takeLock(directory);
		checkpoints = await openCheckpoints(directory, { now, outside });
		connect();
		reserve.hold();
	} catch (cause) {
		lock?.close();
		if (isFailure(cause)) throw cause;
		throw new Failure('unavailable', 'access_log_unwritable', {
			cause,
			detail: `The access log in ${directory} cannot be written, so nothing may be played.`
		});
	}

	async function append(given: Entry | Entry[]): Promise<void> {
		const entries = (Array.isArray(given) ? given : [given]).map(checked);
		if (closed) throw new Failure('unavailable', 'access_log_unwritable');
		await new Promise<void>((done, failed) => {
			waiting.push({ entries, done, failed });
			if (waiting.length === 1) setImmediate(flush);
		});
	}

	function isWritable(): boolean {
		try {
			if (!closed && reserve.hold()) {
				connect().exec('BEGIN IMMEDIATE; ROLLBACK');
				unwritableSince = undefined;
				return true;
			}
		} catch {
			disconnect();
		}
		unwritableSince ??= now();
		return false;
	}

	return {
		append,
		isWritable,
		get commits() {
			return commits;
		},
		get unwritableSince() {
			return unwritableSince;
		},
		get checkpointsUnreachedSince() {
			return checkpoints.unreachedSince;
		},
		async rotateKey(entry) {
			await append(entry);
			return checkpoints.rotate();
		},
		async read(question) {
			return read(directory, question);
		},
		get proof() {
			return proof;
		},
		async verify(entry) {
			await append(entry);
			const at = now();
			// In one thread beside this one: the listeners keep theirs. A place outside that is away has an alarm of its own.
			const compare = (checkpoints: string | undefined) => verify(directory, { checkpoints, threads: 1 });
			proof = { at, verdict: await compare(outside).catch(() => compare(undefined)) };
			return proof;
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
