import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSealed, seal, type ByteSource } from '#sealing/sealed-file.ts';

const chunk = 64 * 1024;
let folder: string;
let identity: string;
let recipient: string;

beforeAll(async () => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-age-'));
	identity = await generateX25519Identity();
	recipient = await identityToRecipient(identity);
	writeFileSync(path.join(folder, 'identity'), `${identity}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function inMemory(bytes: Uint8Array): ByteSource {
	return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

/** The command-line tool of the format, as Debian ships it. */
function ageOpens(sealed: Uint8Array): Buffer {
	const file = path.join(folder, 'sealed.age');
	writeFileSync(file, sealed);
	return execFileSync('age', ['-d', '-i', path.join(folder, 'identity'), file], { maxBuffer: 1 << 28 });
}

const sizes = [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 777];

describe('a sealed recording', () => {
	it.each(sizes)('of %i bytes is opened by age itself, by the library and by us alike', async (size) => {
		const plain = randomBytes(size);
		const sealed = await seal(plain, recipient);
		expect(ageOpens(sealed).equals(plain)).toBe(true);
		const library = new Decrypter();
		library.addIdentity(identity);
		expect(Buffer.from(await library.decrypt(sealed)).equals(plain)).toBe(true);
		const reader = await openSealed(inMemory(sealed), identity);
		expect(reader.size).toBe(size);
		expect(Buffer.from(await reader.read(0, size)).equals(plain)).toBe(true);
	});

	it.each(sizes)('of %i bytes that age sealed is opened by us', async (size) => {
		const plain = randomBytes(size);
		const sealed = execFileSync('age', ['-r', recipient], { input: plain, maxBuffer: 1 << 28 });
		const reader = await openSealed(inMemory(sealed), identity);
		expect(Buffer.from(await reader.read(0, size)).equals(plain)).toBe(true);
	});

	it('gives at 2,000 random ranges just the bytes that were sealed, and reads no more chunks than it must', async () => {
		const plain = randomBytes(5 * chunk + 1234);
		const sealed = await seal(plain, recipient);
		let read = 0;
		const source = inMemory(sealed);
		const reader = await openSealed(
			{ size: source.size, read: (offset, length) => ((read += length), source.read(offset, length)) },
			identity
		);
		for (let round = 0; round < 2000; round++) {
			const [a, b] = [Math.random(), Math.random()].map((part) => Math.floor(part * (plain.length + 1)));
			const [start = 0, end = 0] = [Math.min(a ?? 0, b ?? 0), Math.max(a ?? 0, b ?? 0)];
			read = 0;
			expect(Buffer.from(await reader.read(start, end)).equals(plain.subarray(start, end))).toBe(true);
			const chunks = end > start ? Math.floor((end - 1) / chunk) - Math.floor(start / chunk) + 1 : 0;
			expect(read).toBeLessThanOrEqual((chunks + 1) * (chunk + 16));
		}
	});

	it('that was changed by one bit anywhere gives not one wrong byte', async () => {
		const plain = randomBytes(2 * chunk + 100);
		const sealed = await seal(plain, recipient);
		await fc.assert(
			fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(7), async (place, bit) => {
				const bent = Buffer.from(sealed);
				bent[place] = (bent[place] ?? 0) ^ (1 << bit);
				const whole = openSealed(inMemory(bent), identity).then((reader) => reader.read(0, reader.size));
				await expect(whole).rejects.toMatchObject({ kind: 'unavailable' });
			}),
			{ numRuns: 500 }
		);
	});

	it('that was cut, lengthened or shuffled does not open or does not read', async () => {
		const plain = randomBytes(3 * chunk + 50);
		const sealed = Buffer.from(await seal(plain, recipient));
		const begin = sealed.length - (3 * (chunk + 16) + 66);
		const part = (index: number): Buffer => sealed.subarray(begin + index * (chunk + 16), begin + (index + 1) * (chunk + 16));
		const bad = {
			'without its last byte': sealed.subarray(0, -1),
			'without its last chunk': sealed.subarray(0, begin + 3 * (chunk + 16)),
			'with a byte more': Buffer.concat([sealed, Buffer.from([0])]),
			'with a chunk twice': Buffer.concat([sealed.subarray(0, begin), part(0), part(0), part(2), part(3)]),
			'with two chunks swapped': Buffer.concat([sealed.subarray(0, begin), part(1), part(0), part(2), part(3)]),
			'with nothing but its header': sealed.subarray(0, begin - 16),
			'with nothing': Buffer.alloc(0)
		};
		for (const [what, bytes] of Object.entries(bad)) {
			const whole = openSealed(inMemory(bytes), identity).then((reader) => reader.read(0, reader.size));
			await expect(whole, what).rejects.toMatchObject({ reason: 'sealed_file_damaged' });
		}
	});

	it('does not open with another day’s key', async () => {
		const sealed = await seal(randomBytes(10), recipient);
		await expect(openSealed(inMemory(sealed), await generateX25519Identity())).rejects.toMatchObject({
			reason: 'sealed_file_wrong_key'
		});
	});

	it('shows nothing of its content and never looks the same twice', async () => {
		const plain = Buffer.alloc(chunk, 'a marker of the call ');
		const [one, two] = [await seal(plain, recipient), await seal(plain, recipient)];
		expect(Buffer.from(one).includes('a marker')).toBe(false);
		const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
		expect(digest(one)).not.toBe(digest(two));
	});

	it('may be sealed by the library too', async () => {
		const encrypter = new Encrypter();
		encrypter.addRecipient(recipient);
		const reader = await openSealed(inMemory(await encrypter.encrypt(Buffer.from('sound'))), identity);
		expect(Buffer.from(await reader.read(0, 5)).toString()).toBe('sound');
	});
});
