import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seal } from '#sealing/seal.ts';
import { fileSource, openSealed, type ByteSource } from '#sealing/sealed-file.ts';
import { payloadKey, sealChunk } from '#sealing/stream.ts';
import { age } from './age.ts';

const chunk = 64 * 1024;
const sealedChunk = chunk + 16;
let folder: string;
let identityFile: string;
let identity: string;
let recipient: string;

beforeAll(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-age-'));
	identity = await generateX25519Identity();
	recipient = await identityToRecipient(identity);
	identityFile = path.join(folder, 'identity');
	await writeFile(identityFile, `${identity}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function inMemory(bytes: Uint8Array): ByteSource {
	return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

async function readWhole(sealed: Uint8Array): Promise<Buffer> {
	const reader = await openSealed(inMemory(sealed), identity);
	return Buffer.from(await reader.read(0, reader.size));
}

/** Where the header and its nonce end and the chunks begin: after the line of the MAC. */
function payloadStart(sealed: Buffer): number {
	return sealed.indexOf('\n', sealed.indexOf('\n--- ') + 1) + 1 + 16;
}

const sizes = [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 777];

describe('a sealed recording', () => {
	it.each(sizes)('of %i bytes is opened by age itself, by the library and by us alike', async (size) => {
		const plain = randomBytes(size);
		const sealed = await seal(plain, recipient);
		expect(age(['-d', '-i', identityFile], sealed).equals(plain)).toBe(true);
		const library = new Decrypter();
		library.addIdentity(identity);
		expect(Buffer.from(await library.decrypt(sealed)).equals(plain)).toBe(true);
		const reader = await openSealed(inMemory(sealed), identity);
		expect(reader.size).toBe(size);
		expect(Buffer.from(await reader.read(0, size)).equals(plain)).toBe(true);
	});

	it.each(sizes)('of %i bytes that age or the library sealed is opened by us', async (size) => {
		const plain = randomBytes(size);
		const encrypter = new Encrypter();
		encrypter.addRecipient(recipient);
		for (const sealed of [age(['-r', recipient], plain), await encrypter.encrypt(new Uint8Array(plain))]) {
			expect((await readWhole(sealed)).equals(plain)).toBe(true);
		}
	});

	it('gives at 2,000 random ranges just the bytes that were sealed, and reads no more chunks than it must', async () => {
		const plain = randomBytes(5 * chunk + 1234);
		const inner = inMemory(await seal(plain, recipient));
		let read = 0;
		const reader = await openSealed(
			{ size: inner.size, read: (offset, length) => ((read += length), inner.read(offset, length)) },
			identity
		);
		const nearBorder = fc
			.tuple(fc.nat(5), fc.integer({ min: -2, max: 2 }))
			.map(([border, beside]) => Math.max(0, border * chunk + beside));
		const place = fc.oneof(fc.nat(plain.length), nearBorder, fc.constant(plain.length));
		await fc.assert(
			fc.asyncProperty(place, place, async (a, b) => {
				const [start, end] = a < b ? [a, b] : [b, a];
				read = 0;
				expect(Buffer.from(await reader.read(start, end)).equals(plain.subarray(start, end))).toBe(true);
				const chunks = end > start ? Math.floor((end - 1) / chunk) - Math.floor(start / chunk) + 1 : 0;
				expect(read).toBeLessThanOrEqual(chunks * sealedChunk);
			}),
			{ numRuns: 2000 }
		);
	});

	it('is read from a file on the disk, chunk by chunk, by several readers at once', async () => {
		const plain = randomBytes(4 * chunk + 99);
		const file = path.join(folder, 'recording.age');
		await writeFile(file, await seal(plain, recipient));
		await using handle = await open(file);
		const source = fileSource(handle, (await handle.stat()).size);
		expect(source.read(source.size - 10, 100).length).toBe(10);
		const reader = await openSealed(source, identity);
		const ranges = [0, 1, 2, 3].map((index) => [index * 1000, plain.length - index * 70_000] as const);
		const read = await Promise.all(ranges.map(([start, end]) => Array.fromAsync(reader.chunks(start, end))));
		for (const [index, [start, end]] of ranges.entries()) {
			const parts = read[index] ?? [];
			expect(parts.length).toBe(Math.ceil(end / chunk));
			expect(Buffer.concat(parts).equals(plain.subarray(start, end))).toBe(true);
		}
	});

	it('has nothing before its beginning and behind its end', async () => {
		const reader = await openSealed(inMemory(await seal(randomBytes(100), recipient)), identity);
		for (const [start, end] of [
			[-1, 5],
			[0, 101],
			[60, 50],
			[Number.NaN, 50],
			[0, Number.NaN]
		] as const) {
			await expect(reader.read(start, end), `${start}–${end}`).rejects.toThrow(RangeError);
		}
	});

	it('that was changed by one bit anywhere, or at the border of a chunk, is refused', async () => {
		const sealed = Buffer.from(await seal(randomBytes(2 * chunk + 100), recipient));
		const begin = payloadStart(sealed);
		const atBorder = fc
			.tuple(fc.constantFrom(0, 1, 2), fc.integer({ min: -17, max: 1 }))
			.map(([border, beside]) => begin + border * sealedChunk + beside);
		const place = fc.oneof(fc.nat(sealed.length - 1), fc.nat(begin - 1), atBorder);
		await fc.assert(
			fc.asyncProperty(place, fc.nat(7), async (at, bit) => {
				const bent = Buffer.from(sealed);
				bent.writeUInt8(bent.readUInt8(at) ^ (1 << bit), at);
				// A changed recipient in the header cannot be told from somebody else's.
				const reasons = at < begin ? /sealed_file_(damaged|wrong_key)/ : /sealed_file_damaged/;
				await expect(readWhole(bent)).rejects.toMatchObject({
					kind: 'unavailable',
					reason: expect.stringMatching(reasons)
				});
			}),
			{ numRuns: 500 }
		);
	});

	it('lends piece by piece what is sent: one that has left is gone from memory, and after one that has not none comes', async () => {
		const plain = randomBytes(20 * chunk + 5);
		const reader = await openSealed(inMemory(await seal(plain, recipient)), identity);
		const lent: Uint8Array[] = [];
		const copies: Buffer[] = [];
		const take = async (piece: Uint8Array): Promise<boolean> => {
			lent.push(piece);
			copies.push(Buffer.from(piece));
			return lent.length !== 18;
		};
		await reader.lend(7, plain.length, take);
		// It has seen that the 18th did not leave when the 19th was on its way.
		expect(Buffer.concat(copies).equals(plain.subarray(7, 19 * chunk))).toBe(true);
		expect(lent.map(({ length }) => length)).toEqual([...Array(17).fill(0), chunk, 0]);
	});

	it('gives the chunks before a damaged one, and not one byte of that', async () => {
		const plain = randomBytes(3 * chunk);
		const sealed = Buffer.from(await seal(plain, recipient));
		const at = payloadStart(sealed) + sealedChunk + 40_000;
		sealed.writeUInt8(sealed.readUInt8(at) ^ 1, at);
		const reader = await openSealed(inMemory(sealed), identity);
		const given: Uint8Array[] = [];
		const all = async (): Promise<void> => {
			for await (const part of reader.chunks(0, reader.size)) given.push(part);
		};
		await expect(all()).rejects.toMatchObject({ kind: 'unavailable', reason: 'sealed_file_damaged' });
		expect(Buffer.concat(given).equals(plain.subarray(0, chunk))).toBe(true);
		expect(Buffer.from(await reader.read(2 * chunk, 3 * chunk)).equals(plain.subarray(2 * chunk))).toBe(true);
	});

	it('does not open at all when its end is missing, wherever it was cut', async () => {
		const sealed = Buffer.from(await seal(randomBytes(3 * chunk), recipient));
		const begin = payloadStart(sealed);
		const atBorder = fc
			.tuple(fc.nat(3), fc.integer({ min: -18, max: 18 }))
			.map(([border, beside]) => Math.min(begin + border * sealedChunk + beside, sealed.length - 1));
		await fc.assert(
			fc.asyncProperty(fc.oneof(fc.nat(sealed.length - 1), fc.nat(begin), atBorder), async (length) => {
				await expect(openSealed(inMemory(sealed.subarray(0, length)), identity)).rejects.toMatchObject({
					kind: 'unavailable',
					reason: 'sealed_file_damaged'
				});
			}),
			{ numRuns: 300, examples: [0, 1, 2, 3].map((index) => [begin + index * sealedChunk - (index === 3 ? 1 : 0)]) }
		);
	});

	it('that was lengthened does not open', async () => {
		for (const size of [0, 50, chunk, chunk + 50]) {
			const sealed = Buffer.from(await seal(randomBytes(size), recipient));
			for (const more of [1, 15, 16, 17, chunk, sealedChunk]) {
				const longer = Buffer.concat([sealed, Buffer.alloc(more)]);
				await expect(openSealed(inMemory(longer), identity), `${size}+${more}`).rejects.toMatchObject({
					reason: 'sealed_file_damaged'
				});
			}
		}
	});

	it('with its chunks swapped, doubled, dropped or taken from another recording is refused', async () => {
		const sealed = Buffer.from(await seal(randomBytes(3 * chunk + 50), recipient));
		const other = Buffer.from(await seal(randomBytes(3 * chunk + 50), recipient));
		const begin = payloadStart(sealed);
		const part = (index: number, of = sealed): Buffer =>
			of.subarray(begin + index * sealedChunk, begin + (index + 1) * sealedChunk);
		const bad = {
			swapped: [part(1), part(0), part(2), part(3)],
			doubled: [part(0), part(0), part(2), part(3)],
			dropped: [part(0), part(2), part(3)],
			'with its last chunk first': [part(3), part(0), part(1), part(2)],
			'with a middle chunk of another': [part(0), part(1, other), part(2), part(3)],
			'with the last chunk of another': [part(0), part(1), part(2), part(3, other)]
		};
		for (const [what, parts] of Object.entries(bad)) {
			const bytes = Buffer.concat([sealed.subarray(0, begin), ...parts]);
			await expect(readWhole(bytes), what).rejects.toMatchObject({ reason: 'sealed_file_damaged' });
		}
	});

	it('may not end with an empty chunk, which age refuses too', async () => {
		// Only whoever has the file key can make this one: the format allows one writing of each content.
		const library = new Encrypter();
		let fileKey = new Uint8Array();
		library.addRecipient(recipient);
		library.addRecipient({ wrapFileKey: (key) => ((fileKey = Uint8Array.from(key)), []) });
		const empty = Buffer.from(await library.encrypt(''));
		const begin = payloadStart(empty);
		const key = payloadKey(fileKey, empty.subarray(begin - 16, begin));
		const bytes = Buffer.concat([
			empty.subarray(0, begin),
			sealChunk(key, 0, false, randomBytes(chunk)),
			sealChunk(key, 1, true, new Uint8Array())
		]);
		expect(() => age(['-d', '-i', identityFile], bytes)).toThrow('said no');
		await expect(openSealed(inMemory(bytes), identity)).rejects.toMatchObject({ reason: 'sealed_file_damaged' });
	});

	it('does not open with another day’s key, nor with what is no key, which nothing repeats', async () => {
		const sealed = await seal(randomBytes(10), recipient);
		const mistyped = `${identity.slice(0, -1)}${identity.endsWith('Q') ? 'P' : 'Q'}`;
		for (const wrong of [await generateX25519Identity(), mistyped, '']) {
			await expect(openSealed(inMemory(sealed), wrong)).rejects.toMatchObject({
				kind: 'unavailable',
				reason: 'sealed_file_wrong_key',
				cause: undefined
			});
		}
	});

	it('shows nothing of its content and never looks the same twice', async () => {
		const plain = Buffer.alloc(chunk, 'a marker of the call ');
		const [one, two] = [Buffer.from(await seal(plain, recipient)), Buffer.from(await seal(plain, recipient))];
		expect(one.includes('a marker')).toBe(false);
		const begin = payloadStart(one);
		expect(one.subarray(begin).equals(two.subarray(begin))).toBe(false);
	});
});
