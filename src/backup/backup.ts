import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#failures.ts';
import { syncFolder } from '#sealing/key-file.ts';
import { writeManifest } from './manifest.ts';
import { destroyOldKeys, removeUnfinished } from './old-keys.ts';
import { copyDatabase, copyKeys, copyLog, type Progress } from './parts.ts';
import { check, fill } from './sums.ts';

export interface Places {
	/** The register's data folder. */
	data: string;
	/** Where the copies of the register go; each gets a folder of its own. */
	to: string;
	/** Where the copies of the keys go: elsewhere, so that neither copy alone plays anything. */
	keysTo: string;
}

export interface BackedUp {
	folder: string;
	keysFolder: string;
	recordings: number;
	entries: number;
	/** Sealed files that were destroyed while this went on, so are in no copy. */
	gone: number;
	/** Old copies of the keys that were destroyed. */
	keysDestroyed: number;
}

/**
 * Copies the register, consistently, beside a running server and without stopping it: the database as of one moment and
 * without its free pages, the sealed files that it names, the access log with its checkpoints; and the keys, to another
 * place. Calls `begin`, which writes the line of the log, before it copies, and reads all of it again before the copies
 * get their names. The keys come last: one that a sweep destroyed meanwhile is in no copy. Refuses with `conflict: backup_place` when the places are within each other.
 */
export async function backUp(
	{ data, to, keysTo }: Places,
	{ at, begin, onProgress }: { at: Date; begin: () => Promise<unknown>; onProgress: Progress }
): Promise<BackedUp> {
	mustBeApart([data, to, keysTo]);
	const stamp = at.toISOString().replaceAll(':', '').replace(/\.\d+/, '');
	const [folder, keysFolder] = [path.join(to, stamp), path.join(keysTo, stamp)];
	const [fresh, freshKeys] = [`${folder}.unfinished`, `${keysFolder}.unfinished`];
	for (const place of [to, keysTo]) await mkdir(place, { recursive: true, mode: 0o700 });
	for (const place of [folder, keysFolder, fresh, freshKeys]) {
		if (existsSync(place)) throw new Failure('conflict', 'backup_place', { detail: `${place} is there already.` });
	}
	await begin();
	await removeUnfinished(to, at);
	try {
		const register = await fill(fresh);
		const { recordings, gone } = await copyDatabase(data, fresh, register, onProgress);
		const log = await copyLog(data, fresh, register, onProgress);
		const filled = await register.close();
		await writeManifest(fresh, { part: 'register', made: at.toISOString(), ...filled, recordings, log });

		const keys = await fill(freshKeys);
		await copyKeys(data, keys);
		onProgress('keys', 1, 1);
		const filledKeys = await keys.close();
		await writeManifest(freshKeys, { part: 'keys', made: at.toISOString(), ...filledKeys });

		let checked = 0;
		const of = filled.files + filledKeys.files;
		for (const [place, sums] of [
			[fresh, filled.sums],
			[freshKeys, filledKeys.sums]
		] as const) {
			await check(place, sums, () => onProgress('checking', ++checked, of));
		}
		for (const [from, name] of [
			[freshKeys, keysFolder],
			[fresh, folder]
		] as const) {
			await rename(from, name);
			await syncFolder(path.dirname(name));
		}
		const keysDestroyed = await destroyOldKeys(keysTo, at);
		return { folder, keysFolder, recordings, entries: log.entries, gone, keysDestroyed };
	} finally {
		for (const place of [fresh, freshKeys]) await rm(place, { recursive: true, force: true });
	}
}

function mustBeApart(places: string[]): void {
	const whole = places.map((place) => path.resolve(place) + path.sep);
	if (!whole.some((one, at) => whole.some((other, place) => at !== place && other.startsWith(one)))) return;
	throw new Failure('conflict', 'backup_place', {
		detail:
			'The copies of the register and of the keys go to two folders, neither within the other nor within the data folder.'
	});
}
