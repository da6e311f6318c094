import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#failures.ts';
import { sha256Of } from '#sha256.ts';
import { isId, mustBeId, type Storage } from './storage.ts';

/** The files of one collection as they lie in a folder on the disk, each record's in a folder of its own. */
export function diskStorage(folder: string): Storage {
	const folderOf = (record: string): string => path.join(folder, mustBeId(record));
	const placeOf = (record: string, file: string): string => path.join(folderOf(record), path.basename(file));
	const size = async (record: string, file: string): Promise<number | undefined> =>
		(await stat(placeOf(record, file)).catch(unlessMissing))?.size;
	return {
		async folders() {
			const names = (await readdir(folder).catch(unlessMissing)) ?? [];
			return names.filter(isId);
		},
		size,
		has: async (record, file) => (await size(record, file)) !== undefined,
		async changedMs(record) {
			return (await stat(folderOf(record)).catch(unlessMissing))?.mtimeMs ?? Infinity;
		},
		async sha256(record, file) {
			return sha256Of(placeOf(record, file)).catch(unlessMissing);
		},
		async read(record, file) {
			const bytes = await readFile(placeOf(record, file)).catch(unlessMissing);
			if (!bytes) throw new Failure('missing', 'file');
			return bytes;
		},
		async write(record, file, bytes) {
			try {
				const [place, fresh] = [placeOf(record, file), placeOf(record, `${file}.unfinished`)];
				await mkdir(path.dirname(place), { recursive: true });
				const handle = await open(fresh, 'w');
				await handle
					.writeFile(bytes)
					.then(() => handle.sync())
					.finally(() => handle.close());
				await rename(fresh, place);
				await toDisk(path.dirname(place));
			} catch (cause) {
				unreadable(cause);
			}
		},
		async keepOnly(record, file) {
			try {
				const place = folderOf(record);
				for (const name of await readdir(place)) {
					if (!name.startsWith(file)) await rm(path.join(place, name), { recursive: true, force: true });
				}
				// PocketBase does not wait until what it stores is on the disk.
				for (const one of [path.join(place, file), place]) await toDisk(one);
			} catch (cause) {
				unreadable(cause);
			}
		},
		async remove(record) {
			await rm(folderOf(record), { recursive: true, force: true }).catch(unreadable);
		}
	};
}

async function toDisk(place: string): Promise<void> {
	const handle = await open(place, 'r');
	await handle.sync().finally(() => handle.close());
}

function unlessMissing(cause: unknown): undefined {
	if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
	return unreadable(cause);
}

function unreadable(cause: unknown): never {
	throw new Failure('unavailable', 'storage', { cause, detail: "PocketBase's files cannot be read or removed." });
}
