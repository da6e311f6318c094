import { randomBytes } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#failures.ts';
import { masterRecipient, readKeyFile, replaceKeyFile } from './key-file.ts';

/**
 * Encrypts every file of a keyring anew under another master key: each first to both keys, then each to the new one
 * only. So at any moment one of the two opens all of it, the old one until the first round is done; stopped in the
 * middle, the same call goes on. What was there before is overwritten. Gives how many files there are. Refuses
 * with `unavailable: master_key_wrong` when one of the keys is none, or opens nothing. No other process may use the keyring.
 */
export async function rotateMaster(
	directory: string,
	from: string,
	to: string,
	{ onFile = () => undefined }: { onFile?: (file: string) => void } = {}
): Promise<number> {
	for (const key of [from, to]) await masterRecipient(key);
	const names = await readdir(directory, { recursive: true });
	const files = names.filter((name) => name.endsWith('.age')).map((name) => path.join(directory, name));
	// All of it is read before any of it is changed.
	for (const file of files) await readWithEither(file, to, from);
	for (const keys of [[from, to], [to]]) {
		for (const file of files) {
			const text = await readWithEither(file, to, from);
			const before = await open(file, 'r+');
			try {
				await replaceKeyFile(file, text, keys);
				const { size } = await before.stat();
				await before.write(randomBytes(size), 0, size, 0);
				await before.sync();
			} finally {
				await before.close();
			}
			onFile(file);
		}
	}
	return files.length;
}

async function readWithEither(file: string, one: string, other: string): Promise<string> {
	return readKeyFile(file, one).catch((fault: unknown) => {
		if (fault instanceof Failure && fault.reason === 'master_key_wrong') return readKeyFile(file, other);
		throw fault;
	});
}
