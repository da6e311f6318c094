import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '#failures.ts';
import { sha256Of } from '#sha256.ts';

/** The list of a copy's files with their SHA-256, in the form that `sha256sum --check` reads. */
export const sumsFile = 'SHA256SUMS';

const lineForm = /^([0-9a-f]{64}) {2}([\w@.+-]+(?:\/[\w@.+-]+)*)$/;

/** A folder being filled: every file that goes in is on the disk and in the list when its promise is kept. */
export interface Filling {
	/** Copies a file to a place below the folder. False when it is not there (any more). */
	copy(from: string, to: string): Promise<boolean>;
	/** Writes bytes to a place below the folder. */
	write(bytes: Uint8Array, to: string): Promise<void>;
	/** Takes up a file that already lies at its place. */
	take(to: string): Promise<void>;
	/** Writes the list. Gives how many files there are, and the SHA-256 of the list itself. */
	close(): Promise<{ files: number; sums: string }>;
}

/** Begins to fill a folder, which is made, for its owner only. */
export async function fill(folder: string): Promise<Filling> {
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const list = await open(path.join(folder, sumsFile), 'wx', 0o600);
	let files = 0;
	const note = async (sum: string, to: string): Promise<void> => {
		await list.write(`${sum}  ${to}\n`);
		files++;
	};
	return {
		async copy(from, to) {
			const sum = await copyFile(from, path.join(folder, to)).catch((cause: unknown) => {
				if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
				throw cause;
			});
			if (sum) await note(sum, to);
			return sum !== undefined;
		},
		async write(bytes, to) {
			const place = path.join(folder, to);
			await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
			await writeFile(place, bytes, { flag: 'wx', mode: 0o600, flush: true });
			await note(createHash('sha256').update(bytes).digest('hex'), to);
		},
		async take(to) {
			await note(await sha256Of(path.join(folder, to)), to);
		},
		async close() {
			await list.sync().finally(() => list.close());
			return { files, sums: await sha256Of(path.join(folder, sumsFile)) };
		}
	};
}

/** Reads a filled folder again. Refuses with `invalid: backup_damaged` at the first file that is not as the list says. */
export async function check(folder: string, sums: string, onFile: (to: string) => void): Promise<void> {
	if ((await sha256Of(path.join(folder, sumsFile)).catch(() => '')) !== sums) damaged(path.join(folder, sumsFile));
	for await (const { sum, to } of listed(folder)) {
		if ((await sha256Of(path.join(folder, to)).catch(() => '')) !== sum) damaged(path.join(folder, to));
		onFile(to);
	}
}

/** The files of a filled folder. A list that names a place outside the folder is damaged. */
export async function* listed(folder: string): AsyncGenerator<{ sum: string; to: string }> {
	const lines = createInterface({ input: createReadStream(path.join(folder, sumsFile)), crlfDelay: Infinity });
	for await (const line of lines) {
		const [, sum, to] = lineForm.exec(line) ?? [];
		if (!sum || !to || to.split('/').includes('..')) return damaged(path.join(folder, sumsFile));
		yield { sum, to };
	}
}

/** Copies a file to where none is, on the disk when this returns; gives its SHA-256. */
export async function copyFile(from: string, to: string): Promise<string> {
	const source = await open(from, 'r');
	await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
	const digest = createHash('sha256');
	const counted = new Transform({
		transform(bytes, _encoding, done) {
			digest.update(bytes);
			done(null, bytes);
		}
	});
	// `flush` syncs the file before it closes.
	await pipeline(source.createReadStream(), counted, createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true }));
	return digest.digest('hex');
}

/** A small file of a copy as text; `invalid: backup_damaged` when it cannot be read. */
export async function readText(file: string): Promise<string> {
	return readFile(file, 'utf8').catch(() => damaged(file));
}

export function damaged(file: string): never {
	throw new Failure('invalid', 'backup_damaged', {
		detail: `${file} is not as it was written: nothing was restored from this copy. Take another one.`
	});
}
