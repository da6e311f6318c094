import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { reject } from './rejection.ts';

const mostBytes = 256 * 1024 * 1024;

/**
 * Opens a plain file that lies in the folder itself: no link is followed, no pipe or device is read, and what was
 * checked is what is read afterwards, since only the open file is used. `name` is a bare file name.
 * Refuses with `invalid`: `audio_missing`, `audio_not_plain`, `audio_too_big`.
 */
export async function openPlainFile(folder: string, name: string): Promise<FileHandle> {
	const file = await open(
		path.join(folder, name),
		constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
	).catch((fault: NodeJS.ErrnoException) =>
		reject(fault.code === 'ELOOP' || fault.code === 'ENXIO' ? 'audio_not_plain' : 'audio_missing')
	);
	const about = await file.stat();
	if (about.isFile() && about.size <= mostBytes) return file;
	await file.close();
	return reject(about.isFile() ? 'audio_too_big' : 'audio_not_plain');
}
