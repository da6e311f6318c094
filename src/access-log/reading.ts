import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { Failure } from '#failures.ts';
import { openForReading } from './database.ts';
import type { Logged } from './entry.ts';
import { stretchOf } from './stretch.ts';

/** By what an entry can be found; each has an index of the same name. */
export const filters = [
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
type Filter = (typeof filters)[number];

/** By which an entry can be found; all that are given must fit. */
export type Where = Partial<Record<Filter, string>> & {
	/** UTC instants, ISO 8601 as in the log; from is included, to is not. */
	from?: string | undefined;
	to?: string | undefined;
};

export interface Question {
	/** Only entries below this sequence: the last of the page before. */
	before?: number | undefined;
	/** Only entries above this sequence, and the oldest first. */
	after?: number | undefined;
	limit: number;
	where?: Where;
}

/** A question as SQLite is asked it. */
export interface Statement {
	text: string;
	values: SQLInputValue[];
}

/**
 * Entries of the log in a folder, newest first, or oldest first above `after`. Refuses with
 * `unavailable: access_log_unreadable`.
 */
export function read(directory: string, question: Question): Logged[] {
	return inLog(directory, (database) => {
		const { text, values } = statement(database, question);
		return database
			.prepare(text)
			.all(...values)
			.map((row) => JSON.parse(String(row['canonical'])));
	});
}

/** Opens the log for one reading; whatever goes wrong is `unavailable: access_log_unreadable`. */
export function inLog<T>(directory: string, work: (database: DatabaseSync) => T): T {
	try {
		const database = openForReading(directory);
		try {
			return work(database);
		} finally {
			database.close();
		}
	} catch (cause) {
		throw new Failure('unavailable', 'access_log_unreadable', { cause });
	}
}

/**
 * The statement of a question: walks one index, that of the given word or id which the fewest entries have, in the
 * order of the log, so that a page costs what it shows. Times become a stretch of sequences first.
 */
export function statement(database: DatabaseSync, { before, after, limit, where = {} }: Question): Statement {
	const { first, last } = stretchOf(database, where);
	const from = Math.max(first ?? 0, (after ?? -1) + 1);
	const to = Math.min(last ?? Infinity, (before ?? Infinity) - 1);
	// Only names of the list get into the SQL, whatever else an object may carry.
	const words = filters.flatMap((name) => (where[name] === undefined ? [] : [{ name, value: where[name] }]));
	const wanted: [string, SQLInputValue | undefined][] = [
		['sequence >= ?', from > 0 ? from : undefined],
		['sequence <= ?', to < Infinity ? to : undefined],
		['at >= ?', where.from],
		['at < ?', where.to],
		...words.map(({ name, value }): [string, string] => [`${name} = ?`, value])
	];
	const given = wanted.filter((pair): pair is [string, SQLInputValue] => pair[1] !== undefined);
	const rule = given.length > 0 ? `WHERE ${given.map(([text]) => text).join(' AND ')}` : '';
	const index = rarest(database, words);
	const order = after === undefined ? 'DESC' : 'ASC';
	return {
		text: `SELECT canonical FROM entries ${index ? `INDEXED BY entries_${index}` : 'NOT INDEXED'} ${rule} ORDER BY sequence ${order} LIMIT ?`,
		values: [...given.map(([, value]) => value), Math.max(0, limit)]
	};
}

/** From so many on it does not matter any more how many entries a word has. */
const many = 5000;

// SQLite keeps no figures of its own here, and would take the first index that fits.
function rarest(database: DatabaseSync, words: { name: Filter; value: string }[]): Filter | undefined {
	const has = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?");
	const usable = words.filter(({ name }) => has.get(`entries_${name}`) !== undefined);
	if (usable.length < 2) return usable[0]?.name;
	const counted = usable.map(({ name, value }) => {
		const count = database.prepare(
			`SELECT count(*) AS n FROM (SELECT 1 FROM entries INDEXED BY entries_${name} WHERE ${name} = ? LIMIT ${many})`
		);
		return { name, entries: Number(count.get(value)?.['n']) };
	});
	return counted.sort((a, b) => a.entries - b.entries)[0]?.name;
}
