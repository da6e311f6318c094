import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createKeyring, newMasterKey, openKeyring } from '#sealing/keyring.ts';
import { rotateMaster } from '#sealing/master-rotation.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-rotation-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A keyring with a day's key, a recording's own and a secret; gives what each opens to. */
async function filled(directory: string, masterKey: string): Promise<() => Promise<string[]>> {
	await createKeyring(directory, masterKey);
	const ring = await openKeyring(directory, masterKey);
	await ring.recipientFor('2026-11-24');
	await ring.ownRecipientFor('held00000000000');
	await ring.writeSecret('service-web', 'a secret');
	return () => contents(directory, masterKey);
}

async function contents(directory: string, masterKey: string): Promise<string[]> {
	const ring = await openKeyring(directory, masterKey);
	return [
		await ring.identityFor('2026-11-24'),
		await ring.identityOf({ id: 'held00000000000', keyDay: '2026-11-24', ownKey: true }),
		await ring.readSecret('service-web')
	];
}

it('after a rotation the new master key opens everything and the old one nothing', async () => {
	const [old, next, ring] = [await newMasterKey(), await newMasterKey(), path.join(folder, 'keys')];
	const before = await (await filled(ring, old))();
	expect(await rotateMaster(ring, old, next)).toBe(4);
	expect(await contents(ring, next)).toEqual(before);
	await expect(openKeyring(ring, old)).rejects.toMatchObject({ reason: 'master_key_wrong' });
});

it('stopped at any file, one of the two keys opens everything, and the same rotation goes on', async () => {
	const [old, next] = [await newMasterKey(), await newMasterKey()];
	for (let stopAt = 1; stopAt <= 8; stopAt++) {
		const ring = path.join(folder, `keys-${stopAt}`);
		const before = await (await filled(ring, old))();
		let files = 0;
		const stopped = rotateMaster(ring, old, next, {
			onFile() {
				if (++files === stopAt) throw new Error('the power went');
			}
		});
		await expect(stopped).rejects.toThrow('the power went');
		expect(await contents(ring, stopAt < 4 ? old : next)).toEqual(before);
		await rotateMaster(ring, old, next);
		expect(await contents(ring, next)).toEqual(before);
		await expect(openKeyring(ring, old)).rejects.toMatchObject({ reason: 'master_key_wrong' });
	}
});

it('changes nothing when the keyring is another’s, or the new key is none', async () => {
	const [old, next, ring] = [await newMasterKey(), await newMasterKey(), path.join(folder, 'keys')];
	const inside = await filled(ring, old);
	const before = await inside();
	for (const [from, to] of [
		[await newMasterKey(), next],
		[old, 'no key']
	] as const) {
		await expect(rotateMaster(ring, from, to)).rejects.toMatchObject({ reason: 'master_key_wrong' });
		expect(await inside()).toEqual(before);
	}
});
