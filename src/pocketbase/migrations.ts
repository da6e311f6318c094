import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { Failure } from '#failures.ts';

/** Where this version's migrations lie. */
export const migrations = fileURLToPath(new URL('../../pb_migrations', import.meta.url));
/** Ours begin here; PocketBase keeps its own in the same table. */
const first = 1_764_000_000;

/** How a database's form compares with a version's: which migrations it has, lacks, and has of a later version. */
export interface Form {
	done: string[];
	missing: string[];
	newer: string[];
}

/** The form of an open database of PocketBase. */
export function formOf(database: DatabaseSync, folder = migrations): Form {
	const known = readdirSync(folder).filter((name) => name.endsWith('.js'));
	const begun = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = '_migrations'").get();
	const applied = begun ? database.prepare('SELECT file FROM _migrations ORDER BY file').all() : [];
	const done = applied
		.map(({ file }) => String(file))
		.filter((name) => /^\d{10}_[a-z_]+\.js$/.test(name) && Number(name.slice(0, 10)) >= first);
	return {
		done,
		missing: known.filter((name) => !done.includes(name)),
		newer: done.filter((name) => !known.includes(name))
	};
}

/**
 * Looks at the database before PocketBase opens it. Refuses with `conflict: newer_data` one that a later version has
 * changed. Before this version changes an older one, a copy of it is put into `before-migration/` beside it, on the disk
 * and named by the last migration that it has; the next destruction clears it away (`clearLeftovers`). Gives that copy.
 */
export function beforeMigration(data: string, folder = migrations): string | undefined {
	const file = path.join(data, 'pocketbase', 'data.db');
	if (!existsSync(file)) return undefined;
	const database = new DatabaseSync(file, { timeout: 10_000 });
	try {
		const { done, missing, newer } = formOf(database, folder);
		if (newer.length > 0) throw tooNew(data, newer);
		const last = done.at(-1);
		if (!last || missing.length === 0) return undefined;
		const place = copiesIn(data);
		mkdirSync(place, { recursive: true, mode: 0o700 });
		const copy = path.join(place, `${path.basename(last, '.js')}.db`);
		rmSync(`${copy}.unfinished`, { force: true });
		database.exec('PRAGMA synchronous = FULL');
		database.prepare('VACUUM INTO ?').run(`${copy}.unfinished`);
		renameSync(`${copy}.unfinished`, copy);
		return copy;
	} finally {
		database.close();
	}
}

/** Refuses, as above, and with `conflict: older_data` a database that waits for this version's migrations. */
export function mustBeMigrated(data: string): void {
	const database = new DatabaseSync(path.join(data, 'pocketbase', 'data.db'), { readOnly: true, timeout: 10_000 });
	try {
		const { missing, newer } = formOf(database);
		if (newer.length > 0) throw tooNew(data, newer);
		if (missing.length === 0) return;
		throw new Failure('conflict', 'older_data', {
			detail: `PocketBase runs with an older version on ${data}: start it again first.`
		});
	} finally {
		database.close();
	}
}

/** Where the copies lie. */
export function copiesIn(data: string): string {
	return path.join(data, 'pocketbase', 'before-migration');
}

function tooNew(data: string, newer: readonly string[]): Failure {
	return new Failure('conflict', 'newer_data', {
		detail: `${data} is of a newer version (${newer[0]}): start that version, or restore a backup from before. Nothing was changed.`
	});
}
