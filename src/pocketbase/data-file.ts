import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { Failure } from '#failures.ts';

// What PocketBase tells to superusers only, read from its file, and the one setting of its that is written there.

/** An S3 store, as PocketBase's own settings name it. */
export interface StoreSettings {
	/** Whether PocketBase's files lie there; else they lie on the disk, and the store is named for a move only. */
	enabled: boolean;
	/** `https://host`, without the bucket. */
	endpoint: string;
	bucket: string;
	region: string;
	accessKey: string;
	secret: string;
	/** Whether the bucket stands in the path; else before the host's name. */
	forcePathStyle: boolean;
}

const filled = v.pipe(v.string(), v.nonEmpty());
const Kept = v.object({
	enabled: v.boolean(),
	endpoint: filled,
	bucket: filled,
	region: filled,
	accessKey: filled,
	secret: filled,
	forcePathStyle: v.boolean()
});

/** The id of a collection in an open database; undefined when there is none of that name. */
export function idIn(database: DatabaseSync, collection: string): unknown {
	return database.prepare('SELECT id FROM _collections WHERE name = ?').get(collection)?.['id'];
}

/** The id of a collection, after which its folder is named. */
export function idOf(data: string, collection: string): string {
	return look(data, (database) => String(idIn(database, collection)));
}

/**
 * The S3 store of PocketBase's settings; undefined when they name none. Refuses with `invalid: store_settings` when they
 * are half set, so that nobody takes the disk for the place of the files.
 */
export function storeOf(data: string): StoreSettings | undefined {
	const text = look(data, (database) =>
		database.prepare("SELECT CAST(value AS TEXT) AS value FROM _params WHERE id = 'settings'").get()
	);
	const given = text ? parsed(String(text['value'])) : undefined;
	if (!given || (given['enabled'] !== true && !given['endpoint'])) return undefined;
	const result = v.safeParse(Kept, given);
	if (result.success) return result.output;
	const lacks = v.getDotPath(result.issues[0]) ?? '';
	throw new Failure('invalid', 'store_settings', {
		field: lacks,
		detail: `PocketBase's settings name an S3 store, and its ${lacks} is not set: see "Sealed files in an S3 store" in the maintainer's guide.`
	});
}

/** Writes the S3 store into PocketBase's settings, of which it takes notice when it starts; without one, none. */
export function setStore(data: string, settings?: StoreSettings): void {
	const none = {
		enabled: false,
		endpoint: '',
		bucket: '',
		region: '',
		accessKey: '',
		secret: '',
		forcePathStyle: false
	};
	const database = new DatabaseSync(fileIn(data), { timeout: 10_000 });
	try {
		database.exec('PRAGMA secure_delete = ON; PRAGMA synchronous = FULL');
		database
			.prepare(
				"UPDATE _params SET value = CAST(json_set(CAST(value AS TEXT), '$.s3', json(?)) AS BLOB) WHERE id = 'settings'"
			)
			.run(JSON.stringify(settings ?? none));
	} finally {
		database.close();
	}
}

/** The recordings that have a row, with the name of their file, some hundreds at a time. */
export function* storedFiles(data: string): Generator<{ record: string; file: string }[]> {
	for (let last = ''; ;) {
		const rows = look(data, (database) =>
			database.prepare('SELECT id, audio FROM recordings WHERE id > ? ORDER BY id LIMIT 500').all(last)
		);
		if (rows.length === 0) return;
		yield rows.map(({ id, audio }) => ({ record: String(id), file: String(audio) }));
		last = String(rows.at(-1)?.['id']);
	}
}

/** How many recordings have a row. */
export function storedCount(data: string): number {
	return look(data, (database) => Number(database.prepare('SELECT count(*) AS n FROM recordings').get()?.['n']));
}

function parsed(text: string): Record<string, unknown> | undefined {
	try {
		return v.parse(v.object({ s3: v.optional(v.record(v.string(), v.unknown())) }), JSON.parse(text)).s3;
	} catch (cause) {
		// Encrypted settings, say.
		throw new Failure('unavailable', 'storage', { cause, detail: "PocketBase's settings cannot be read." });
	}
}

function look<T>(data: string, work: (database: DatabaseSync) => T): T {
	try {
		const database = new DatabaseSync(fileIn(data), { readOnly: true, timeout: 5000 });
		try {
			return work(database);
		} finally {
			database.close();
		}
	} catch (cause) {
		throw new Failure('unavailable', 'storage', { cause, detail: "PocketBase's file cannot be read." });
	}
}

function fileIn(data: string): string {
	return path.join(data, 'pocketbase', 'data.db');
}
