import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { destroyKeyFile } from '#sealing/key-file.ts';

/** For so long a copy of the keys lives: so much later than its destruction a day is unreadable in every backup too. */
export const keysLiveMs = 7 * 24 * 3600_000;

/**
 * Destroys the copies of the keys whose time is over, also those of a backup that was killed before it came to its end;
 * what else lies in the folder stays.
 */
export async function destroyOldKeys(keysTo: string, now: Date): Promise<number> {
	let destroyed = 0;
	for (const name of await readdir(keysTo)) {
		const [, day, hour, minute, second] =
			/^(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})(\d{2})Z(?:\.unfinished)?$/.exec(name) ?? [];
		if (!day || now.getTime() - Date.parse(`${day}T${hour}:${minute}:${second}Z`) < keysLiveMs) continue;
		const folder = path.join(keysTo, name);
		for (const file of await readdir(folder, { recursive: true })) {
			if (/\.(age|pem)$/.test(file)) await destroyKeyFile(path.join(folder, file));
		}
		await rm(folder, { recursive: true, force: true });
		destroyed++;
	}
	return destroyed;
}
