import {
	copyFileSync,
	linkSync,
	mkdirSync,
	openSync,
	closeSync,
	fsyncSync,
	renameSync,
	rmSync,
	writeFileSync
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { idOf } from './data-file.ts';

/** The inside of a stopped PocketBase, to be filled. */
export interface Filling {
	/** A copy of its database, in which the table to fill has no indexes yet. */
	readonly database: DatabaseSync;
	/** Writes the file of one record. */
	write(record: string, file: string, bytes: Uint8Array): void;
	/** Gives a record the very file that another record has. */
	share(record: string, file: string, from: string): void;
}

/**
 * Fills one table of a stopped PocketBase with more rows than its API could take in a day. The work is done on a copy of
 * the database without waiting for the disk; only the finished copy, indexed, measured by ANALYZE and on the disk,
 * takes the database's place. Cut short, it leaves the database as it was, and files of no record.
 */
export async function fill(data: string, table: string, work: (filling: Filling) => Promise<void>): Promise<void> {
	const folder = path.join(data, 'pocketbase');
	const [file, fresh] = [path.join(folder, 'data.db'), path.join(folder, 'data.db.filling')];
	const storage = path.join(folder, 'storage', idOf(data, table));
	// What its write-ahead log still holds goes into the file first, and the last one to close removes the log.
	const before = new DatabaseSync(file);
	before.exec('PRAGMA wal_checkpoint(TRUNCATE)');
	before.close();
	copyFileSync(file, fresh);
	const database = new DatabaseSync(fresh);
	mkdirSync(storage, { recursive: true });
	const place = (record: string, name: string): string => {
		mkdirSync(path.join(storage, record));
		return path.join(storage, record, name);
	};
	try {
		// Out of the write-ahead mode first, else SQLite takes no other. The copy may be lost: nothing of it is kept for a fall.
		for (const mode of ['DELETE', 'MEMORY']) database.exec(`PRAGMA journal_mode = ${mode}`);
		database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -400000');
		const indexes = database
			.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`)
			.all(table);
		for (const { name } of indexes) database.exec(`DROP INDEX ${String(name)}`);
		await work({
			database,
			write: (record, name, bytes) => writeFileSync(place(record, name), bytes),
			share: (record, name, from) => linkSync(path.join(storage, from, name), place(record, name))
		});
		for (const { sql } of indexes) database.exec(String(sql));
		database.exec('ANALYZE; PRAGMA journal_mode = WAL');
		database.close();
		const handle = openSync(fresh, 'r');
		fsyncSync(handle);
		closeSync(handle);
		renameSync(fresh, file);
	} finally {
		if (database.isOpen) database.close();
		for (const ending of ['', '-wal', '-shm']) rmSync(`${fresh}${ending}`, { force: true });
	}
}
