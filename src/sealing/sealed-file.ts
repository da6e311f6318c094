import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { Failure } from '#failures.ts';
import { decrypterFor, isForAnother } from './identity.ts';
import { chunkSize, nonceSize, openChunk, payloadKey, tagSize } from './stream.ts';

/** Sealed bytes that can be read at any place. */
export interface ByteSource {
	readonly size: number;
	/** Exactly `length` bytes from `offset`, good until the next reading; fewer only where the source ends. */
	read(offset: number, length: number): Uint8Array;
}

/** An opened sealed file: ranges of the plain sound, each authenticated before it is given. */
export interface SealedReader {
	/** Plain bytes. */
	readonly size: number;
	/** The plain bytes from `start` up to but not including `end`. */
	read(start: number, end: number): Promise<Uint8Array>;
	/** The same, chunk by chunk. */
	chunks(start: number, end: number): AsyncGenerator<Uint8Array>;
	/**
	 * The same, for sending: `take` says whether a piece has left. Then it is gone from memory at once, and the next but
	 * one comes; else no more come.
	 */
	lend(start: number, end: number, take: (piece: Uint8Array) => Promise<boolean>): Promise<void>;
}

/** After so many chunks the others have their turn. */
const turn = 16;

// A header with one recipient is about 200 bytes; more than this is no file of ours.
const longestHeader = 16 * 1024;

/**
 * Opens a sealed file with an age identity (`AGE-SECRET-KEY-1…`) for reading at random. The header's MAC and the last
 * chunk are checked at once, so a truncated file does not open. Refuses with `unavailable: sealed_file_damaged`, and so
 * do later reads of a damaged chunk; with `unavailable: sealed_file_wrong_key` when the identity does not match, which is
 * also how damage inside the header's recipient looks.
 */
export async function openSealed(source: ByteSource, identity: string): Promise<SealedReader> {
	const header = readHeader(source);
	const fileKey = await unwrap(header, identity);
	const begin = header.length + nonceSize;
	const key = payloadKey(fileKey, source.read(header.length, nonceSize));
	const sealedSize = source.size - begin;
	const count = Math.max(1, Math.ceil(sealedSize / (chunkSize + tagSize)));
	const size = sealedSize - count * tagSize;

	function chunk(index: number): Buffer {
		const offset = index * (chunkSize + tagSize);
		const length = Math.min(chunkSize + tagSize, sealedSize - offset);
		const sealed = source.read(begin + offset, length);
		if (sealed.length !== length) throw damaged();
		try {
			return openChunk(key, index, index === count - 1, sealed);
		} catch (cause) {
			throw damaged(cause);
		}
	}
	// Only a file of no bytes may end with an empty chunk (age v1).
	if (chunk(count - 1).length === 0 && count > 1) throw damaged();

	async function* plains(start: number, end: number): AsyncGenerator<{ plain: Buffer; from: number; to: number }> {
		if (!(0 <= start && start <= end && end <= size)) throw new RangeError(`${start}–${end} is outside 0–${size}`);
		if (start === end) return;
		const first = Math.floor(start / chunkSize);
		for (let index = first; index * chunkSize < end; index++) {
			if ((index - first) % turn === turn - 1) await othersTurn();
			const plain = chunk(index);
			const before = index * chunkSize;
			yield { plain, from: Math.max(0, start - before), to: Math.min(plain.length, end - before) };
		}
	}
	async function* chunks(start: number, end: number): AsyncGenerator<Uint8Array> {
		for await (const { plain, from, to } of plains(start, end)) yield plain.subarray(from, to);
	}
	return {
		size,
		chunks,
		async lend(start, end, take) {
			let before = Promise.resolve(true);
			for await (const { plain, from, to } of plains(start, end)) {
				const left = take(plain.subarray(from, to)).then((taken) => {
					if (taken) letGo(plain);
					return taken;
				});
				if (!(await before)) return;
				before = left;
			}
			await before;
		},
		async read(start, end) {
			const parts: Uint8Array[] = [];
			for await (const part of chunks(start, end)) parts.push(part);
			return Buffer.concat(parts);
		}
	};
}

// What was read is opened before anything else is.
const scratch = Buffer.allocUnsafeSlow(chunkSize + tagSize);

/**
 * A file that is open, read by place and at once: a sealed file that is being heard was brought to mind when it was
 * opened, so a chunk costs less than to have another thread fetch it.
 */
export function fileSource(handle: FileHandle, size: number): ByteSource {
	return {
		size,
		read(offset, length) {
			const place = length <= scratch.length ? scratch : Buffer.allocUnsafeSlow(length);
			// Asked of the handle each time: once it is closed its number may be another file's.
			return place.subarray(0, readSync(handle.fd, place, 0, length, offset));
		}
	};
}

/**
 * Gives memory back at once, when nobody holds it any more. The collector would come for it too, but it counts the
 * megabytes outside its heap, and walks the whole heap several times a second when many listen.
 */
function letGo({ buffer, byteLength }: Uint8Array): void {
	if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

function readHeader(source: ByteSource): Uint8Array {
	const start = Buffer.from(source.read(0, Math.min(longestHeader, source.size)));
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
