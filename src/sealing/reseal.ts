import { Failure } from '#failures.ts';
import { seal } from './seal.ts';
import { openSealed } from './sealed-file.ts';

/**
 * Seals a file anew to another recipient, and opens the result before it is given: whoever destroys the first key loses
 * nothing. The sound stays in memory. Refuses as `openSealed` does.
 */
export async function reseal(
	sealed: Uint8Array,
	identity: string,
	to: { recipient: string; identity: string }
): Promise<Uint8Array> {
	const plain = await opened(sealed, identity);
	const anew = await seal(plain, to.recipient);
	if (Buffer.compare(await opened(anew, to.identity), plain) === 0) return anew;
	throw new Failure('unavailable', 'sealed_file_damaged');
}

async function opened(sealed: Uint8Array, identity: string): Promise<Uint8Array> {
	const source = { size: sealed.length, read: (at: number, length: number) => sealed.subarray(at, at + length) };
	const reader = await openSealed(source, identity);
	return reader.read(0, reader.size);
}
