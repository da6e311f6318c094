import { createHash } from 'node:crypto';
import { Failure } from '#failures.ts';
import { several } from '#several.ts';
import { storedCount, storedFiles } from './data-file.ts';
import type { Storage } from './storage.ts';

const atOnce = 4;

/** Called after each file with how many of how many were looked at. */
export type Progress = (done: number, of: number) => void;

/**
 * Copies each recording's sealed file to another place, if it is not there, and reads it back there. Whoever is cut short
 * begins anew and copies the rest: a file is written whole or not at all, and its name is never given twice. Says how many
 * were copied; refuses with `unavailable: copy_differs` when a copy is not what was copied.
 */
export async function copyAll(data: string, from: Storage, to: Storage, progress: Progress): Promise<number> {
	const of = storedCount(data);
	let [done, copied] = [0, 0];
	for (const some of storedFiles(data)) {
		await several(some, atOnce, async ({ record, file }) => {
			const size = await from.size(record, file);
			if (size !== undefined && size !== (await to.size(record, file))) {
				const bytes = await from.read(record, file);
				await to.write(record, file, bytes);
				if ((await to.sha256(record, file)) !== createHash('sha256').update(bytes).digest('hex')) {
					throw new Failure('unavailable', 'copy_differs', {
						detail: `The copy of ${record} is not what was copied: nothing was removed.`
					});
				}
				copied++;
			}
			progress(++done, of);
		});
	}
	return copied;
}

/**
 * Removes from a place what lies at the main one too, after both were read: a recording whose two files are not the same
 * stays, and so does what belongs to no row, which is `reconcile`'s to judge. Says how many went and which stay.
 */
export async function clearCopies(
	data: string,
	main: Storage,
	other: Storage,
	progress: Progress
): Promise<{ removed: number; stay: string[] }> {
	const left = new Set(await other.folders());
	const of = left.size;
	const stay: string[] = [];
	let [done, removed] = [0, 0];
	for (const some of storedFiles(data)) {
		const here = some.filter(({ record }) => left.delete(record));
		await several(here, atOnce, async ({ record, file }) => {
			const [sum, before] = [await main.sha256(record, file), await other.sha256(record, file)];
			if (sum !== undefined && (before === undefined || before === sum)) {
				await other.remove(record);
				removed++;
			} else stay.push(record);
			progress(++done, of);
		});
	}
	return { removed, stay: [...stay, ...left] };
}
