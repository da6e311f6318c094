import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { helsinkiDay } from '#sealing/day.ts';
import { createKeyring, newMasterKey, openKeyring } from '#sealing/keyring.ts';
import { seal } from '#sealing/sealed-file.ts';

let folder: string;
let master: string;
let keys: string;

beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-keys-'));
	keys = path.join(folder, 'keys');
	master = await newMasterKey();
	await createKeyring(keys, master);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the keyring', () => {
	it('makes one key a day, also when many ask at once and through several openings', async () => {
		const rings = await Promise.all([1, 2, 3, 4].map(() => openKeyring(keys, master)));
		const recipients = await Promise.all(rings.flatMap((ring) => [ring.recipientFor('2026-11-23'), ring.recipientFor('2026-11-23')]));
		expect(new Set(recipients).size).toBe(1);
		expect(await rings[0]?.recipientFor('2026-11-24')).not.toBe(recipients[0]);
	});

	it('is for its owner only, and refuses to open when it is not', async () => {
		const ring = await openKeyring(keys, master);
		await ring.recipientFor('2026-11-23');
		const day = path.join(keys, 'days', '2026-11-23.age');
		for (const place of [keys, path.join(keys, 'days'), day]) {
			expect((await stat(place)).mode & 0o077, place).toBe(0);
		}
		await chmod(day, 0o640);
		await expect(ring.identityFor('2026-11-23')).rejects.toMatchObject({ reason: 'keyring_open_to_others' });
		await chmod(keys, 0o755);
		await expect(openKeyring(keys, master)).rejects.toMatchObject({ reason: 'keyring_open_to_others' });
	});

	it('opens with its own master key only', async () => {
		await expect(openKeyring(keys, await newMasterKey())).rejects.toMatchObject({ reason: 'master_key_wrong' });
		await expect(openKeyring(path.join(folder, 'none'), master)).rejects.toMatchObject({ reason: 'keyring_unreadable' });
		await expect(createKeyring(keys, master)).rejects.toMatchObject({ reason: 'keyring_exists' });
	});

	it('notices at once that a day’s key was destroyed', async () => {
		const ring = await openKeyring(keys, master);
		await ring.recipientFor('2026-11-23');
		await ring.identityFor('2026-11-23');
		await rm(path.join(keys, 'days', '2026-11-23.age'));
		await expect(ring.identityFor('2026-11-23')).rejects.toMatchObject({ kind: 'missing', reason: 'day_key_destroyed' });
	});

	it('holds no key and no secret in the open', async () => {
		const ring = await openKeyring(keys, master);
		await ring.recipientFor('2026-11-23');
		await ring.writeSecret('service-web', 'a password of a service');
		expect(await ring.readSecret('service-web')).toBe('a password of a service');
		for (const file of await readdir(keys, { recursive: true, withFileTypes: true })) {
			if (!file.isFile()) continue;
			const bytes = await readFile(path.join(file.parentPath, file.name));
			expect(bytes.includes('AGE-SECRET-KEY') || bytes.includes('a password'), file.name).toBe(false);
		}
	});

	it('gives a day’s key to age itself, and that opens the day’s recordings', async () => {
		const ring = await openKeyring(keys, master);
		const sealed = await seal(Buffer.from('what was said'), await ring.recipientFor('2026-11-23'));
		await writeFile(path.join(folder, 'master'), `${master}\n`);
		await writeFile(path.join(folder, 'recording.age'), sealed);
		const day = execFileSync('age', ['-d', '-i', path.join(folder, 'master'), path.join(keys, 'days', '2026-11-23.age')]);
		await writeFile(path.join(folder, 'day'), day);
		const opened = execFileSync('age', ['-d', '-i', path.join(folder, 'day'), path.join(folder, 'recording.age')]);
		expect(opened.toString()).toBe('what was said');
	});
});

describe('a call’s day', () => {
	it.each([
		['2026-11-23T21:59:59Z', '2026-11-23'],
		['2026-11-23T22:00:00Z', '2026-11-24'],
		['2026-06-30T20:59:59Z', '2026-06-30'],
		['2026-06-30T21:00:00Z', '2026-07-01']
	])('at %s is %s in Helsinki', (instant, day) => {
		expect(helsinkiDay(new Date(instant))).toBe(day);
	});
});
