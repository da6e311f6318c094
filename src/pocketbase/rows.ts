import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { idIn } from './data-file.ts';

/** A row of PocketBase's, by its collection's name and its id. */
export type RowName = readonly [collection: string, id: string];

/** Sees, past PocketBase and in some microseconds, whether rows are still what they were; never what may be done. */
export interface Rows {
	/** All that is in these rows now, as one text to compare. Undefined when one is not there or cannot be read. */
	written(rows: readonly RowName[]): string | undefined;
	/** Another number after each change of any row; undefined when it cannot be read. */
	version(): number | undefined;
	/** Where PocketBase keeps a record's file, if it keeps it on this disk; undefined when that cannot be read. */
	fileOf(collection: string, record: string, file: string): string | undefined;
	close(): void;
}

/** What changes without anybody's rights changing (where a player stands, when a device was heard of), and what is large. */
const leftOut = ['position_ms', 'last_seen', 'updated', 'peaks'];

/**
 * PocketBase's file in the data folder, for looking; SQLite shows each commit of PocketBase's as soon as it is made. Of a
 * PocketBase that runs elsewhere (`data` undefined) nothing can be read.
 */
export function openRows(data: string | undefined): Rows {
	const statements = new Map<string, StatementSync>();
	let opened: DatabaseSync | undefined;

	function open(data: string): DatabaseSync {
		return (opened ??= new DatabaseSync(path.join(data, 'pocketbase', 'data.db'), { readOnly: true }));
	}

	function prepare(database: DatabaseSync, collections: readonly string[]): StatementSync {
		const info = database.prepare('SELECT name FROM pragma_table_info(?)');
		const parts = collections.map((collection) => {
			const columns = info.all(collection).map(({ name }) => String(name));
			const quoted = columns.filter((name) => !leftOut.includes(name)).map((name) => `"${name}"`);
			return `(SELECT json_array(${quoted.join(', ')}) FROM "${collection}" WHERE id = ?)`;
		});
		// One that is not there makes the whole nothing.
		return database.prepare(`SELECT ${parts.join(' || ')} AS text`);
	}

	return {
		written(rows) {
			if (data === undefined) return undefined;
			try {
				const collections = rows.map(([collection]) => collection);
				const name = collections.join();
				let statement = statements.get(name);
				if (!statement) statements.set(name, (statement = prepare(open(data), collections)));
				const text = statement.get(...rows.map(([, id]) => id))?.['text'];
				return typeof text === 'string' ? text : undefined;
			} catch {
				return undefined;
			}
		},
		version() {
			if (data === undefined) return undefined;
			try {
				let statement = statements.get('');
				if (!statement) statements.set('', (statement = open(data).prepare('PRAGMA data_version')));
				return Number(statement.get()?.['data_version']);
			} catch {
				return undefined;
			}
		},
		fileOf(collection, record, file) {
			if (data === undefined) return undefined;
			try {
				const found = idIn(open(data), collection);
				const parts = [String(found), record, file].map((part) => path.basename(part));
				return found ? path.join(data, 'pocketbase', 'storage', ...parts) : undefined;
			} catch {
				return undefined;
			}
		},
		close() {
			opened?.close();
			opened = undefined;
			statements.clear();
		}
	};
}
