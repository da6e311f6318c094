import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure } from '#failures.ts';
import { sha256Of } from '#sha256.ts';

const recordId = /^[a-z0-9]{15}$/;

/** The files of one collection as they lie on the disk, each record's in a folder of its own. */
export interface Storage {
	/** The records that have a folder, whether or not they are in the database. */
	folders(): Promise<string[]>;
	/** Whether a record's file is there. */
	has(record: string, file: string): Promise<boolean>;
	/** When a record's folder last changed, in ms; Infinity when it is not there. */
	changedMs(record: string): Promise<number>;
	/** SHA-256 of a record's file in hexadecimal; undefined when it is not there. */
	sha256(record: string, file: string): Promise<string | undefined>;
	/** A record's file; `missing: file` when it is not there. */
	read(record: string, file: string): Promise<Buffer>;
	/** Leaves this one file of a record, and sees to it that it is on the disk. */
	keepOnly(record: string, file: string): Promise<void>;
	/**
	 * Sees to it that a deleted record has no file and no folder: PocketBase removes them after its answer, and leaves
	 * them when it is killed in between.
	 */
	remove(record: string): Promise<void>;
}

/** The storage of a collection in the product's data folder. Refuses with `unavailable: storage` when it cannot be read. */
export function openStorage(data: string, collection: string): Storage {
	const folder = path.join(data, 'pocketbase', 'storage', idOf(data, collection));
	const folderOf = (record: string): string => {
		if (!recordId.test(record)) throw new Failure('invalid', 'record_id');
		return path.join(folder, record);
	};
	return {
		async folders() {
			const names = (await readdir(folder).catch(unlessMissing)) ?? [];
			return names.filter((name) => recordId.test(name));
		},
		async has(record, file) {
			return (await stat(path.join(folderOf(record), path.basename(file))).catch(unlessMissing)) !== undefined;
		},
		async changedMs(record) {
			return (await stat(folderOf(record)).catch(unlessMissing))?.mtimeMs ?? Infinity;
		},
		async sha256(record, file) {
			return sha256Of(path.join(folderOf(record), path.basename(file))).catch(unlessMissing);
		},
		async read(record, file) {
			const bytes = await readFile(path.join(folderOf(record), path.basename(file))).catch(unlessMissing);
			if (!bytes) throw new Failure('missing', 'file');
			return bytes;
		},
		async keepOnly(record, file) {
			try {
				const place = folderOf(record);
				for (const name of await readdir(place)) {
					if (!name.startsWith(file)) await rm(path.join(place, name), { recursive: true, force: true });
				}
				// PocketBase does not wait until what it stores is on the disk.
				for (const one of [path.join(place, file), place]) {
					const handle = await open(one, 'r');
					await handle.sync().finally(() => handle.close());
				}
			} catch (cause) {
				unreadable(cause);
			}
		},
		async remove(record) {
			await rm(folderOf(record), { recursive: true, force: true }).catch(unreadable);
		}
	};
}

/** The id of a collection in an open database; undefined when there is none of that name. */
export function idIn(database: DatabaseSync, collection: string): unknown {
	return database.prepare('SELECT id FROM _collections WHERE name = ?').get(collection)?.['id'];
}

/** The id of a collection, after which its folder is named; PocketBase tells it to superusers only. */
export function idOf(data: string, collection: string): string {
	try {
		const database = new DatabaseSync(path.join(data, 'pocketbase', 'data.db'), { readOnly: true, timeout: 5000 });
		try {
			return String(idIn(database, collection));
		} finally {
			database.close();
		}
	} catch (cause) {
		return unreadable(cause);
	}
}

function unlessMissing(cause: unknown): undefined {
	if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
	return unreadable(cause);
}

function unreadable(cause: unknown): never {
	throw new Failure('unavailable', 'storage', { cause, detail: "PocketBase's files cannot be read or removed." });
}
