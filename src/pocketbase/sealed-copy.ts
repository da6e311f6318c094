import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Failure } from '#failures.ts';
import { asFailure } from './answers.ts';
import type { Client } from './pocketbase.ts';
import type { Rows } from './rows.ts';

const patienceMs = 60_000;

/**
 * A recording's sealed file, fetched once as this client sees it, into a temporary file to which no name leads: its
 * bytes are ciphertext, and they are gone when the handle closes or the process ends. Refuses with
 * `unavailable: sealed_audio` when the database does not give the file.
 */
export async function fetchSealed(client: Client, recording: { id: string; audio: string }): Promise<FileHandle> {
	const token = await client.files.getToken().catch(asFailure);
	const address = client.files.getURL({ id: recording.id, collectionName: 'recordings' }, recording.audio, { token });
	const answer = await fetch(address, { signal: AbortSignal.timeout(patienceMs) }).catch(notThere);
	if (!answer.ok || !answer.body) return notThere(answer.status);
	const file = path.join(os.tmpdir(), `kuuntelupiste-${randomUUID()}`);
	const handle = await open(file, 'wx+', 0o600);
	try {
		await unlink(file);
		await handle.writeFile(answer.body);
		return handle;
	} catch (cause) {
		await handle.close();
		return notThere(cause);
	}
}

/**
 * A recording's sealed file, open: the one that PocketBase keeps on this disk, for a row that it has just given to this
 * client, else fetched from it. Refuses like `fetchSealed`.
 */
export async function openSealedFile(
	rows: Rows,
	client: Client,
	recording: { id: string; audio: string }
): Promise<FileHandle> {
	const place = rows.fileOf('recordings', recording.id, recording.audio);
	const handle = place === undefined ? undefined : await open(place, 'r').catch(() => undefined);
	if (!handle) return fetchSealed(client, recording);
	void bringToMind(handle);
	return handle;
}

/** Has another thread read a file through once, so that whoever reads it at once does not wait for the disk. */
async function bringToMind(handle: FileHandle): Promise<void> {
	const place = Buffer.allocUnsafeSlow(256 * 1024);
	try {
		for (let at = 0, read = 1; read > 0; at += read)
			({ bytesRead: read } = await handle.read(place, 0, place.length, at));
	} catch {
		// It was closed meanwhile.
	}
	place.buffer.transfer(0);
}

// The cause is left out: it may hold the address, and the address holds the token.
function notThere(_cause: unknown): never {
	throw new Failure('unavailable', 'sealed_audio');
}
