import { Encrypter } from 'age-encryption';
import { Failure } from '#failures.ts';
import { chunkSize, nonceSize, payloadKey, sealChunk, tagSize } from './stream.ts';

/** Seals bytes to one age recipient (`age1…`), as an age v1 file that `age -d` opens. */
export async function seal(plain: Uint8Array, recipient: string): Promise<Uint8Array> {
	const encrypter = new Encrypter();
	let fileKey: Uint8Array | undefined;
	encrypter.addRecipient(recipient);
	// Listens in on the file key and adds nothing to the header, so that the payload can be sealed natively.
	encrypter.addRecipient({
		wrapFileKey: (key) => {
			fileKey = Uint8Array.from(key);
			return [];
		}
	});
	const empty = await encrypter.encrypt(new Uint8Array());
	if (!fileKey) throw new Failure('unavailable', 'seal');
	const start = empty.slice(0, empty.length - tagSize);
	const key = payloadKey(fileKey, start.subarray(start.length - nonceSize));
	const count = Math.max(1, Math.ceil(plain.length / chunkSize));
	const parts: Uint8Array[] = [start];
	for (let index = 0; index < count; index++) {
		const chunk = plain.subarray(index * chunkSize, (index + 1) * chunkSize);
		parts.push(sealChunk(key, index, index === count - 1, chunk));
	}
	return Buffer.concat(parts);
}
