import { randomBytes } from 'node:crypto';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { expect, it } from 'vitest';
import { reseal } from '#sealing/reseal.ts';
import { seal } from '#sealing/seal.ts';
import { openSealed } from '#sealing/sealed-file.ts';

const key = async () => {
	const identity = await generateX25519Identity();
	return { identity, recipient: await identityToRecipient(identity) };
};
const source = (bytes: Uint8Array) => ({
	size: bytes.length,
	read: (at: number, length: number) => bytes.subarray(at, at + length)
});

it.each([1, 65_536, 200_000])(
	'a file of %i bytes opens with the new key and no longer needs the old one',
	async (size) => {
		const [day, own] = [await key(), await key()];
		const plain = randomBytes(size);
		const anew = await reseal(await seal(plain, day.recipient), day.identity, own);
		const reader = await openSealed(source(anew), own.identity);
		expect(Buffer.from(await reader.read(0, reader.size)).equals(plain)).toBe(true);
		await expect(openSealed(source(anew), day.identity)).rejects.toMatchObject({ reason: 'sealed_file_wrong_key' });
	}
);

it('nothing comes of a damaged file, or of a key that does not fit its recipient', async () => {
	const [day, own, other] = [await key(), await key(), await key()];
	const sealed = await seal(randomBytes(70_000), day.recipient);
	const damaged = Uint8Array.from(sealed);
	damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
	await expect(reseal(damaged, day.identity, own)).rejects.toMatchObject({ reason: 'sealed_file_damaged' });
	const mixed = { identity: other.identity, recipient: own.recipient };
	await expect(reseal(sealed, day.identity, mixed)).rejects.toMatchObject({ reason: 'sealed_file_wrong_key' });
});
