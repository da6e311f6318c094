import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of a file in hexadecimal, read piece by piece; throws what the file system says. */
export async function sha256Of(file: string): Promise<string> {
	const digest = createHash('sha256');
	await pipeline(createReadStream(file), digest);
	return digest.digest('hex');
}
