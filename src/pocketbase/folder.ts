import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#failures.ts';

// On a server of its own PocketBase runs under a user of its own. Then whoever set the machine up has made `pocketbase/`
// in the data folder for both users' group, and everything in it is for both; else it is for the owner only.

const name = 'pocketbase';

/**
 * Makes the data folder, or takes one that holds nothing but an empty `pocketbase/`. Refuses with
 * `conflict: folder_in_use` and says of what there would have been none.
 */
export async function takeEmpty(data: string, { dryRun = false } = {}): Promise<void> {
	if (!dryRun) await mkdir(data, { recursive: true, mode: 0o700 });
	const names = await namesIn(data);
	if (names.length === 0) return;
	if (names.length === 1 && names[0] === name && (await namesIn(path.join(data, name))).length === 0) return;
	throw new Failure('conflict', 'folder_in_use', {
		detail: `${data} is not empty: a register is made, and a backup restored, in an empty folder only. Nothing in it was changed.`
	});
}

/** Empties a data folder that was taken so, and leaves it as it was made. */
export async function emptyAgain(data: string): Promise<void> {
	const shared = await isShared(data);
	for (const one of await namesIn(data)) {
		if (one !== name || !shared) await rm(path.join(data, one), { recursive: true, force: true });
	}
	if (!shared) return;
	for (const one of await namesIn(path.join(data, name))) {
		await rm(path.join(data, name, one), { recursive: true, force: true });
	}
}

/** Gives both users what one of them has put into `pocketbase/`; where there is one user only, does nothing. */
export async function share(data: string): Promise<void> {
	if (!(await isShared(data))) return;
	for (const entry of await readdir(path.join(data, name), { recursive: true, withFileTypes: true })) {
		const place = path.join(entry.parentPath, entry.name);
		const wanted = entry.isDirectory() ? 0o770 : 0o660;
		// A hardened unit may not set the bit by which a folder's group goes on, so one that fits is left alone.
		if (((await stat(place)).mode & 0o777) !== wanted) await chmod(place, wanted);
	}
}

async function isShared(data: string): Promise<boolean> {
	const { mode = 0 } = (await stat(path.join(data, name)).catch(() => undefined)) ?? {};
	return (mode & 0o020) !== 0;
}

async function namesIn(folder: string): Promise<string[]> {
	return readdir(folder).catch((cause: unknown) => {
		if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
		throw cause;
	});
}
