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
		return database;
	} catch (cause) {
		database.close();
		throw cause;
	}
}

/** Opens the log for reading beside its writer. */
export function openForReading(directory: string): DatabaseSync {
	return new DatabaseSync(fileOf(directory), { readOnly: true, timeout: 2000 });
}
