import type { SQLInputValue } from 'node:sqlite';
import { Failure } from '#failures.ts';
import { openForReading } from './database.ts';
import type { Logged } from './entry.ts';

const filters = [
	'action',
	'actor',
	'role',
	'outcome',
	'recording',
	'request',
	'appointment',
	'visit',
	'kiosk',
	'office',
	'person'
] as const;

/** By which an entry can be found; all that are given must fit. */
export type Where = Partial<Record<(typeof filters)[number], string>> & {
	/** UTC instants, ISO 8601 as in the log; from is included, to is not. */
	from?: string;
	to?: string;
};

export interface Question {
	/** Only entries below this sequence: the last of the page before. */
	before?: number;
	limit: number;
	where?: Where;
}

/** Entries of the log in a folder, newest first. Refuses with `unavailable: access_log_unreadable`. */
export function read(directory: string, { before, limit, where = {} }: Question): Logged[] {
	const wanted: [string, SQLInputValue | undefined][] = [
		['sequence < ?', before],
		['at >= ?', where.from],
		['at < ?', where.to],
		// Only names of the list get into the SQL, whatever else an object may carry.
		...filters.map((name): [string, string | undefined] => [`${name} = ?`, where[name]])
	];
	const given = wanted.filter((pair): pair is [string, SQLInputValue] => pair[1] !== undefined);
	const rule = given.length > 0 ? `WHERE ${given.map(([text]) => text).join(' AND ')}` : '';
	try {
		const database = openForReading(directory);
		try {
			return database
				.prepare(`SELECT canonical FROM entries ${rule} ORDER BY sequence DESC LIMIT ?`)
				.all(...given.map(([, value]) => value), Math.max(0, limit))
				.map((row) => JSON.parse(String(row['canonical'])));
		} finally {
			database.close();
		}
	} catch (cause) {
		throw new Failure('unavailable', 'access_log_unreadable', { cause });
	}
}
