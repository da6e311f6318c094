import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { destroyKeyFile } from '#sealing/key-file.ts';

/** For so long a copy of the keys lives: so much later than its destruction a day is unreadable in every backup too. */
export const keysLiveMs = 7 * 24 * 3600_000;

// The largest backup takes less, and the next night's comes later: one that still goes on is left alone.
const unfinishedMs = 20 * 3600_000;

/** Removes what a killed backup left: as large as the register, and nobody finishes it. What else lies there stays. */
export async function removeUnfinished(to: string, now: Date): Promise<void> {
	for (const name of await readdir(to)) {
		if (!name.endsWith('.unfinished') || ageOf(name, now) < unfinishedMs) continue;
		await rm(path.join(to, name), { recursive: true, force: true });
	}
}

/**
 * Destroys the copies of the keys whose time is over, also those of a backup that was killed before it came to its end;
 * what else lies in the folder stays.
 */
export async function destroyOldKeys(keysTo: string, now: Date): Promise<number> {
	let destroyed = 0;
	for (const name of await readdir(keysTo)) {
		if (ageOf(name, now) < keysLiveMs) continue;
		const folder = path.join(keysTo, name);
		for (const file of await readdir(folder, { recursive: true })) {
			if (/\.(age|pem)$/.test(file)) await destroyKeyFile(path.join(folder, file));
		}
		await rm(folder, { recursive: true, force: true });
		destroyed++;
	}
	return destroyed;
}

/** How old a copy with this name is, in ms; what is no copy is not old at all. */
function ageOf(name: string, now: Date): number {
	const [, day, hour, minute, second] =
		/^(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})(\d{2})Z(?:\.unfinished)?$/.exec(name) ?? [];
	return day ? now.getTime() - Date.parse(`${day}T${hour}:${minute}:${second}Z`) : 0;
}
