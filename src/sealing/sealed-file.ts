import type { FileHandle } from 'node:fs/promises';
import { Failure } from '#failures.ts';
import { decrypterFor, isForAnother } from './identity.ts';
import { chunkSize, nonceSize, openChunk, payloadKey, tagSize } from './stream.ts';

/** Sealed bytes that can be read at any place. */
export interface ByteSource {
	readonly size: number;
	/** Exactly `length` bytes from `offset`; fewer only where the source ends. */
	read(offset: number, length: number): Promise<Uint8Array>;
}

/** An opened sealed file: ranges of the plain sound, each authenticated before it is given. */
export interface SealedReader {
	/** Plain bytes. */
	readonly size: number;
	/** The plain bytes from `start` up to but not including `end`. */
	read(start: number, end: number): Promise<Uint8Array>;
	/** The same, chunk by chunk. */
	chunks(start: number, end: number): AsyncGenerator<Uint8Array>;
}

// A header with one recipient is about 200 bytes; more than this is no file of ours.
const longestHeader = 16 * 1024;

/**
 * Opens a sealed file with an age identity (`AGE-SECRET-KEY-1…`) for reading at random. The header's MAC and the last
 * chunk are checked at once, so a truncated file does not open. Refuses with `unavailable: sealed_file_damaged`, and so
 * do later reads of a damaged chunk; with `unavailable: sealed_file_wrong_key` when the identity does not match, which is
 * also how damage inside the header's recipient looks.
 */
export async function openSealed(source: ByteSource, identity: string): Promise<SealedReader> {
	const header = await readHeader(source);
	const fileKey = await unwrap(header, identity);
	const begin = header.length + nonceSize;
	const key = payloadKey(fileKey, await source.read(header.length, nonceSize));
	const sealedSize = source.size - begin;
	const count = Math.max(1, Math.ceil(sealedSize / (chunkSize + tagSize)));
	const size = sealedSize - count * tagSize;

	async function chunk(index: number): Promise<Buffer> {
		const offset = index * (chunkSize + tagSize);
		const length = Math.min(chunkSize + tagSize, sealedSize - offset);
		const sealed = await source.read(begin + offset, length);
		if (sealed.length !== length) throw damaged();
		try {
			return openChunk(key, index, index === count - 1, sealed);
		} catch (cause) {
			throw damaged(cause);
		}
	}
	// Only a file of no bytes may end with an empty chunk (age v1).
	if ((await chunk(count - 1)).length === 0 && count > 1) throw damaged();

	async function* chunks(start: number, end: number): AsyncGenerator<Uint8Array> {
		if (!(0 <= start && start <= end && end <= size)) throw new RangeError(`${start}–${end} is outside 0–${size}`);
		if (start === end) return;
		for (let index = Math.floor(start / chunkSize); index * chunkSize < end; index++) {
			const plain = await chunk(index);
			const from = index * chunkSize;
			yield plain.subarray(Math.max(0, start - from), Math.min(plain.length, end - from));
		}
	}
	return {
		size,
		chunks,
		async read(start, end) {
			const parts: Uint8Array[] = [];
			for await (const part of chunks(start, end)) parts.push(part);
			return Buffer.concat(parts);
		}
	};
}

/** A file that is open, read by place. */
export function fileSource(handle: FileHandle, size: number): ByteSource {
	return {
		size,
		async read(offset, length) {
			const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
			return buffer.subarray(0, bytesRead);
		}
	};
}

async function readHeader(source: ByteSource): Promise<Uint8Array> {
	const start = Buffer.from(await source.read(0, Math.min(longestHeader, source.size)));
	const footer = start.indexOf('\n--- ');
	const end = footer < 0 ? -1 : start.indexOf('\n', footer + 1);
	if (end < 0 || source.size < end + 1 + nonceSize + tagSize) throw damaged();
	return start.subarray(0, end + 1);
}

async function unwrap(header: Uint8Array, identity: string): Promise<Uint8Array> {
	const decrypter = decrypterFor(identity);
	if (!decrypter) throw new Failure('unavailable', 'sealed_file_wrong_key');
	try {
		return await decrypter.decryptHeader(header);
	} catch (cause) {
		throw isForAnother(cause) ? new Failure('unavailable', 'sealed_file_wrong_key') : damaged(cause);
	}
}

function damaged(cause?: unknown): Failure {
	return new Failure('unavailable', 'sealed_file_damaged', { cause });
}
