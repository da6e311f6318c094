import { createHash } from 'node:crypto';
import type { Client } from '#pocketbase/pocketbase.ts';
import { fetchSealed } from '#pocketbase/sealed-copy.ts';
import { fileSource, openSealed } from '#sealing/sealed-file.ts';

/**
 * Reads a stored recording back and opens it whole, in memory: whether it is the sound with this SHA-256. Refuses when
 * its file or its seal is not whole.
 */
export async function opensWhole(
	client: Client,
	stored: { id: string; audio: string },
	identity: string,
	sha256: string
): Promise<boolean> {
	const file = await fetchSealed(client, stored);
	try {
		const { size } = await file.stat();
		const reader = await openSealed(fileSource(file, size), identity);
		return (
			createHash('sha256')
				.update(await reader.read(0, reader.size))
				.digest('hex') === sha256
		);
	} finally {
		await file.close();
	}
}
