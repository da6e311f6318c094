import { chmod, mkdir, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure, isFailure } from '#failures.ts';
import { verify } from '#access-log/verify.ts';
import { idOf, setStore } from '#pocketbase/data-file.ts';
import { placesOf } from '#pocketbase/places.ts';
import { copyFile, type Filling } from './sums.ts';

export type Progress = (
	step: 'database' | 'recordings' | 'log' | 'keys' | 'checking',
	done: number,
	of: number
) => void;

/**
 * Copies the database as of one moment, and the sealed files that it names, from wherever they lie. A copy is whole in
 * itself: of an S3 store it knows nothing, and least of all the access key.
 */
export async function copyDatabase(data: string, fresh: string, register: Filling, onProgress: Progress) {
	const file = 'pocketbase/data.db';
	await snapshot(path.join(data, file), path.join(fresh, file));
	setStore(fresh);
	await register.take(file);
	onProgress('database', 1, 1);
	const database = new DatabaseSync(path.join(fresh, file), { readOnly: true });
	try {
		const collection = idOf(data, 'recordings');
		const { bucket, inBucket } = placesOf(data, 'recordings');
		const of = Number(database.prepare('SELECT count(*) AS n FROM recordings').get()?.['n']);
		let [recordings, gone] = [0, 0];
		for (const { id, audio } of database.prepare('SELECT id, audio FROM recordings').iterate()) {
			const place = `pocketbase/storage/${collection}/${String(id)}/${String(audio)}`;
			if (inBucket) {
				const bytes = await bucket?.read(String(id), String(audio)).catch(unlessMissing);
				if (bytes) await register.write(bytes, place);
				else gone++;
			} else if (!(await register.copy(path.join(data, place), place))) gone++;
			// What PocketBase keeps beside a file: its type, say.
			else await register.copy(path.join(data, `${place}.attrs`), `${place}.attrs`);
			onProgress('recordings', ++recordings, of);
		}
		return { recordings, gone };
	} finally {
		database.close();
	}
}

/** Copies the access log, and verifies the copy: of a broken one no backup is made. */
export async function copyLog(data: string, fresh: string, register: Filling, onProgress: Progress) {
	for (const name of await placeLog(path.join(data, 'access-log'), path.join(fresh, 'access-log'))) {
		await register.take(`access-log/${name}`);
	}
	const verdict = await verify(path.join(fresh, 'access-log'), {
		onProgress: (entries) => onProgress('log', entries, entries)
	});
	if (!verdict.intact) {
		throw new Failure('unavailable', 'log_broken', {
			detail: `The access log is broken at entry ${verdict.sequence} (${verdict.fault}): no backup is made of it. Keep the last good one.`
		});
	}
	const database = new DatabaseSync(path.join(fresh, 'access-log', 'log.db'), { readOnly: true });
	const last = database.prepare('SELECT hash FROM entries WHERE sequence = ?').get(verdict.entries);
	database.close();
	return { entries: verdict.entries, hash: String(last?.['hash'] ?? '') };
}

/** Copies the keyring, and the private key that signs the log. */
export async function copyKeys(data: string, keys: Filling): Promise<void> {
	for (const folder of ['keys', 'keys/days', 'keys/own', 'keys/secrets']) {
		for (const name of await readdir(path.join(data, folder)).catch(() => [])) {
			if (name.endsWith('.age')) await keys.copy(path.join(data, folder, name), `${folder}/${name}`);
		}
	}
	for (const name of await readdir(path.join(data, 'access-log'))) {
		if (name.endsWith('.pem')) await keys.copy(path.join(data, 'access-log', name), `access-log/${name}`);
	}
	// A demo's master key lies open; a real one is never in the data folder.
	await keys.copy(path.join(data, 'demo-master-key'), 'demo-master-key');
}

/** Copies what is public of a log, while it is written: its signatures and its entries. Gives the files' names. */
export async function placeLog(from: string, to: string): Promise<string[]> {
	// The signatures first: one over entries that the copy does not have would look like a log that was cut.
	const names = (await readdir(from)).filter((name) => /^(public-key|rotations|checkpoints)\.txt$/.test(name));
	for (const name of names) await copyFile(path.join(from, name), path.join(to, name));
	await snapshot(path.join(from, 'log.db'), path.join(to, 'log.db'));
	return [...names, 'log.db'];
}

/** The state of a database as of one moment, while others write it. */
async function snapshot(from: string, to: string): Promise<void> {
	await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
	const database = new DatabaseSync(from, { readOnly: true, timeout: 10_000 });
	try {
		database.prepare('VACUUM INTO ?').run(to);
	} finally {
		database.close();
	}
	await chmod(to, 0o600);
	const handle = await open(to, 'r');
	await handle.sync().finally(() => handle.close());
}

function unlessMissing(fault: unknown): undefined {
	if (isFailure(fault) && fault.kind === 'missing') return undefined;
	throw fault;
}
