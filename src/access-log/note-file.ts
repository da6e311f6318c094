import { open, readFile, truncate } from 'node:fs/promises';

/** The signed notes of a file, in the order in which they were written; undefined when there is no such file. */
export async function readNotes(file: string): Promise<string[] | undefined> {
	const text = await readFile(file, 'utf8').catch(() => undefined);
	// A note ends with its signature; what stands behind the last one is a note too, and not a whole one.
	return text?.split(/(?<=^— [^\n]*\n)/m).filter(Boolean);
}

/** Adds a note; it is on the disk when this resolves, or not there at all. */
export async function addNote(file: string, note: string): Promise<void> {
	const handle = await open(file, 'a', 0o600);
	try {
		const { size } = await handle.stat();
		await handle.appendFile(note).catch(async (cause: unknown) => {
			// A full disk takes a part of it; the next note must not begin there.
			await handle.truncate(size);
			throw cause;
		});
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** Cuts off what a power failure left of a note: else it would spoil the next one, and look like a forgery. */
export async function mend(file: string): Promise<void> {
	const text = await readFile(file, 'utf8').catch(() => '');
	const whole = /^(?:[^]*\n— [^\n]+\n)?/.exec(text)?.[0] ?? '';
	if (whole !== text) await truncate(file, Buffer.byteLength(whole));
}
