import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { openPlainFile } from './plain-file.ts';

/** The sound files of one call as the recorder left them, open; only what is open is read from here on. */
export interface Originals {
	readonly files: readonly { handle: FileHandle; bytes: Uint8Array }[];
	/** SHA-256 of the sound; of two files, of both their hashes. */
	readonly sha256: string;
	close(): Promise<void>;
}

/** Opens the files of a call. Refuses as `openPlainFile` does. */
export async function openOriginals(folder: string, names: readonly string[]): Promise<Originals> {
	const files: { handle: FileHandle; bytes: Uint8Array }[] = [];
	const close = async (): Promise<void> => {
		for (const { handle } of files) await handle.close();
	};
	try {
		for (const name of names) {
			const handle = await openPlainFile(folder, name);
			files.push({ handle, bytes: new Uint8Array() });
		}
		for (const file of files) file.bytes = await file.handle.readFile();
	} catch (fault) {
		await close();
		throw fault;
	}
	const hashes = files.map(({ bytes }) => sha256(bytes));
	return { files, close, sha256: hashes.length === 1 ? (hashes[0] ?? '') : sha256(hashes.join()) };
}

/** Whether a name leads to a file of its own folder and to nothing else. */
export function isBareName(name: string): boolean {
	return /^(?!\.{1,2}$)[^/\\]{1,255}$/.test(name);
}

/** The paths of the plain files below a folder, sorted; links are not followed. */
export async function filesBelow(folder: string): Promise<string[]> {
	const found = await readdir(folder, { recursive: true, withFileTypes: true });
	return found
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
		.sort();
}

function sha256(of: Uint8Array | string): string {
	return createHash('sha256').update(of).digest('hex');
}
