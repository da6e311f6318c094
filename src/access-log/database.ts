import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { subjects } from './words.ts';

/** The log's file in its folder. */
export function fileOf(directory: string): string {
	return path.join(directory, 'log.db');
}

// The canonical form is the one truth of an entry; the columns to filter by are read out of it by SQLite itself.
const columns = ['at', 'action', 'actor', 'role', 'outcome', ...Object.keys(subjects)];
const indexed = ['action', 'actor', 'recording', 'request', 'visit', 'kiosk', 'outcome'];
/** Since a later version: a log that was begun before it gets these when it is opened for writing next. */
const indexedSince = [
	['role', ''],
	['appointment', 'WHERE appointment IS NOT NULL'],
	['office', 'WHERE office IS NOT NULL'],
	['person', 'WHERE person IS NOT NULL']
] as const;
const schema = `
	CREATE TABLE IF NOT EXISTS entries (
		sequence INTEGER PRIMARY KEY,
		canonical TEXT NOT NULL,
		hash TEXT NOT NULL,
		${columns.map((name) => `${name} TEXT GENERATED ALWAYS AS (json_extract(canonical, '$.${name}')) VIRTUAL`).join(',\n')}
	) STRICT;
	${indexed.map((name) => `CREATE INDEX IF NOT EXISTS entries_${name} ON entries (${name}, sequence);`).join('\n')}
`;

/**
 * Makes an empty file that only its owner may read; SQLite gives its companions the same rights. Leaves one that is
 * there unopened: to close any handle on it would free every lock that this process holds on it.
 */
export function makeFile(file: string): void {
	if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600));
}

/** Opens the log for writing: every commit is on the disk when it returns. */
export function openForWriting(directory: string): DatabaseSync {
	const database = new DatabaseSync(fileOf(directory), { timeout: 2000 });
	try {
		database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;');
		database.exec(schema);
		indexMore(database);
		return database;
	} catch (cause) {
		database.close();
		throw cause;
	}
}

/** Indexes are for reading only: a disk that is too full for them must not stop what has to be written. */
function indexMore(database: DatabaseSync): void {
	try {
		for (const [name, part] of indexedSince) {
			database.exec(`CREATE INDEX IF NOT EXISTS entries_${name} ON entries (${name}, sequence) ${part}`);
		}
	} catch {
		// Reading does without the ones that are missing, and the next opening tries again.
	}
}

/** Opens the log for reading beside its writer. */
export function openForReading(directory: string): DatabaseSync {
	return new DatabaseSync(fileOf(directory), { readOnly: true, timeout: 2000 });
}
