import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { createSigningKey } from '#access-log/keys.ts';
import { openAccessLog } from '#access-log/log.ts';

/** An empty folder, gone after the test. */
export async function newPlace(): Promise<string> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-log-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** A folder of a log that is founded and not used yet. */
export async function newFolder(): Promise<string> {
	const folder = await newPlace();
	await createSigningKey(folder);
	return folder;
}

export const openLog = (folder: string, checkpoints?: string) =>
	openAccessLog(folder, { now: () => new Date(), checkpoints });

/** The numbers of all entries in a folder, in order; becomes its writer for a moment. */
export async function numbersIn(folder: string): Promise<(number | undefined)[]> {
	const log = await openLog(folder);
	const entries = await log.read({ limit: 1_000_000 });
	await log.close();
	return entries.reverse().map(({ measures }) => measures?.position_ms);
}

/** The one private key of a log; throws when there is none or more than one. */
export async function signingKeyIn(folder: string): Promise<string> {
	const [key, ...more] = (await readdir(folder)).filter((name) => name.endsWith('.pem'));
	if (!key || more.length > 0) throw new Error('not one signing key');
	return path.join(folder, key);
}
