import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

// The payload of an age v1 file ("STREAM", age-encryption.org/v1): 64 KiB chunks, each with a 16-byte tag, under
// ChaCha20-Poly1305. Native, since the library's own is seven times slower and opens no ranges.

/** Plaintext bytes of a full chunk. */
export const chunkSize = 64 * 1024;
export const tagSize = 16;
export const nonceSize = 16;

/** The key of the payload: HKDF-SHA256 of the file key, salted with the file's nonce. */
export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): KeyObject {
	// A third quicker for each chunk than the same key as bytes.
	return createSecretKey(Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32)));
}

/** Seals one chunk, with its tag behind it. */
export function sealChunk(key: KeyObject, index: number, last: boolean, plain: Uint8Array): Buffer {
	const cipher = createCipheriv('chacha20-poly1305', key, chunkNonce(index, last), { authTagLength: tagSize });
	return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Opens one chunk; gives nothing before the whole of it is authenticated. Throws when it is damaged. */
export function openChunk(key: KeyObject, index: number, last: boolean, sealed: Uint8Array): Buffer {
	if (sealed.length < tagSize) throw new RangeError('a chunk is shorter than its tag');
	const decipher = createDecipheriv('chacha20-poly1305', key, chunkNonce(index, last), { authTagLength: tagSize });
	decipher.setAuthTag(sealed.subarray(sealed.length - tagSize));
	const plain = decipher.update(sealed.subarray(0, sealed.length - tagSize));
	decipher.final();
	return plain;
}

// Eleven bytes of chunk number, big-endian, then 1 for the last chunk.
function chunkNonce(index: number, last: boolean): Buffer {
	const nonce = Buffer.alloc(12);
	nonce.writeUIntBE(index, 5, 6);
	nonce[11] = last ? 1 : 0;
	return nonce;
}
