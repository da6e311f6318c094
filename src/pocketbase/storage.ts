import { Failure } from '#failures.ts';

/** The files of one collection where PocketBase keeps them, each record's in a folder of its own. */
export interface Storage {
	/** The records that have a folder, whether or not they are in the database. */
	folders(): Promise<string[]>;
	/** Whether a record's file is there. */
	has(record: string, file: string): Promise<boolean>;
	/** How many bytes a record's file has; undefined when it is not there. */
	size(record: string, file: string): Promise<number | undefined>;
	/** When a record's folder last changed, in ms; Infinity when it is not there. */
	changedMs(record: string): Promise<number>;
	/** SHA-256 of a record's file in hexadecimal; undefined when it is not there. */
	sha256(record: string, file: string): Promise<string | undefined>;
	/** A record's file; `missing: file` when it is not there. */
	read(record: string, file: string): Promise<Buffer>;
	/** Puts a record's file there, whole or not at all, and to stay. */
	write(record: string, file: string, bytes: Uint8Array): Promise<void>;
	/** Leaves this one file of a record, and sees to it that it is there to stay. */
	keepOnly(record: string, file: string): Promise<void>;
	/**
	 * Sees to it that a deleted record has no file and no folder: PocketBase removes them after its answer, and leaves
	 * them when it is killed in between.
	 */
	remove(record: string): Promise<void>;
}

const recordId = /^[a-z0-9]{15}$/;

export function isId(record: string): boolean {
	return recordId.test(record);
}

/** A record's id, which becomes part of a path. */
export function mustBeId(record: string): string {
	if (!isId(record)) throw new Failure('invalid', 'record_id');
	return record;
}
