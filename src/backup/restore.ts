import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { written } from '#pocketbase/collection.ts';
import { emptyAgain, share, takeEmpty } from '#pocketbase/folder.ts';
import { openKeyring } from '#sealing/keyring.ts';
import { readManifest } from './manifest.ts';
import { logState, mustFollow, notOneRegister, type LogState } from './log-state.ts';
import { placeLog } from './parts.ts';
import { check, copyFile, damaged, listed } from './sums.ts';

export interface Sources {
	/** One copy of the register, and one of the keys: of the same time, or the keys' later. */
	from: string;
	keysFrom: string;
	/** The folder of the access log as it was last, when it outlived the rest. */
	log?: string | undefined;
}

export interface Restored {
	made: Date;
	recordings: number;
	/** How far the log goes that the register has now. */
	log: LogState;
}

/**
 * Puts a backup into an empty data folder, after every file of it was found to be as it was written. Nothing plays until
 * the caller has swept: that carries out again what was destroyed since. Refuses with `conflict: folder_in_use` when the
 * folder holds anything, `invalid: backup_damaged` and `invalid: not_one_register` when the copies are not whole or do
 * not belong together, `unavailable: master_key_wrong` when the master key opens no key of them; then nothing is left.
 */
export async function restore(
	data: string,
	{ from, keysFrom, log }: Sources,
	masterKey: (data: string) => Promise<string>,
	onProgress: (step: 'checking' | 'copying', done: number, of: number) => void
): Promise<Restored> {
	await takeEmpty(data);
	const [register, keys] = [await readManifest(from, 'register'), await readManifest(keysFrom, 'keys')];
	if (keys.made < register.made) {
		notOneRegister('The copy of the keys is older than that of the register.');
	}
	const of = register.files + keys.files;
	let done = 0;
	for (const [folder, { sums }] of [
		[from, register],
		[keysFrom, keys]
	] as const) {
		await check(folder, sums, () => onProgress('checking', ++done, of));
	}
	if (log !== undefined) await mustFollow(log, register.log);
	try {
		done = 0;
		for (const folder of [from, keysFrom]) {
			for await (const { sum, to } of listed(folder)) {
				if (log !== undefined && to.startsWith('access-log/') && !to.endsWith('.pem')) continue;
				if ((await copyFile(path.join(folder, to), path.join(data, to))) !== sum) damaged(path.join(folder, to));
				onProgress('copying', ++done, of);
			}
		}
		if (log !== undefined) await placeLog(log, path.join(data, 'access-log'));
		for (const empty of ['days', 'own', 'secrets'])
			await mkdir(path.join(data, 'keys', empty), { recursive: true, mode: 0o700 });
		await openKeyring(path.join(data, 'keys'), await masterKey(data));
	} catch (fault) {
		await emptyAgain(data);
		throw fault;
	}
	const state = await logState(path.join(data, 'access-log'), register.log?.entries ?? 0);
	endHolds(path.join(data, 'pocketbase', 'data.db'), state.destroyedSince);
	await share(data);
	return { made: new Date(register.made), recordings: register.recordings ?? 0, log: state };
}

// What was destroyed had no hold any more: the one that the copy still knows is over, and the next sweep ends it.
function endHolds(file: string, recordings: readonly string[]): void {
	const database = new DatabaseSync(file);
	try {
		const over = database.prepare("UPDATE holds SET until = ? WHERE recording = ? AND ended = ''");
		const now = written(new Date());
		for (const recording of recordings) over.run(now, recording);
	} finally {
		database.close();
	}
}
