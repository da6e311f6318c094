import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSigningKey } from '#access-log/keys.ts';
import { verify } from '#access-log/verify.ts';
import { entry } from './entries.ts';
import { newPlace, openLog, signingKeyIn } from './folder.ts';

const rotation = { action: 'rotate_log_key', role: 'system', outcome: 'done' } as const;

describe('a log whose key was replaced twice', () => {
	let folder: string;
	let outside: string;
	let publicKeys: string[];
	let privateKeys: string[];

	/** Two entries under each key; each replacement is an entry too. */
	beforeEach(async () => {
		folder = await newPlace();
		outside = await newPlace();
		publicKeys = [await createSigningKey(folder)];
		privateKeys = [];
		for (let turn = 0; turn < 3; turn++) {
			privateKeys.push(await readFile(await signingKeyIn(folder), 'utf8'));
			const log = await openLog(folder, outside);
			await log.append([entry(1), entry(2)]);
			if (turn < 2) publicKeys.push(await log.rotateKey(rotation));
			await log.close();
		}
	});

	it('is intact by each of its public keys, and by no other', async () => {
		const whole = { intact: true, entries: 8, checkpoint: { size: 8 } };
		expect(await verify(folder, { checkpoints: outside })).toMatchObject(whole);
		for (const publicKey of publicKeys) {
			expect(await verify(folder, { publicKey, checkpoints: outside })).toMatchObject(whole);
		}
		const publicKey = await createSigningKey(await newPlace());
		expect(await verify(folder, { publicKey })).toEqual({ intact: false, sequence: 8, fault: 'checkpoint_unsigned' });
	});

	it('has three different keys, and only the last private one is left', async () => {
		expect(new Set(publicKeys).size).toBe(3);
		expect(new Set(privateKeys).size).toBe(3);
		expect(await readFile(await signingKeyIn(folder), 'utf8')).toBe(privateKeys[2]);
	});

	it('says so in an entry under the old key', async () => {
		const log = await openLog(folder);
		const actions = (await log.read({ limit: 10 })).reverse().map(({ action }) => action);
		await log.close();
		expect(actions.flatMap((action, index) => (action === 'rotate_log_key' ? [index + 1] : []))).toEqual([3, 6]);
	});

	it('takes nothing from a stolen old key for entries that came after it', async () => {
		// The thief rewrites the last entry and signs with the first key, which was destroyed here but copied before.
		const forged = await newPlace();
		for (const name of ['log.db', 'public-key.txt', 'rotations.txt', 'checkpoints.txt']) {
			await copyFile(path.join(folder, name), path.join(forged, name));
		}
		const database = new DatabaseSync(path.join(forged, 'log.db'));
		database.exec('DELETE FROM entries WHERE sequence > 6');
		database.close();
		const ownRotations = await readFile(path.join(forged, 'rotations.txt'), 'utf8');
		await rm(path.join(forged, 'rotations.txt'));
		const id = publicKeys[0]?.split('+')[1] ?? '';
		await writeFile(path.join(forged, `signing-key-${id}.pem`), privateKeys[0] ?? '');
		const notes = (await readFile(path.join(forged, 'checkpoints.txt'), 'utf8')).split(/(?<=^— .*\n)/m);
		await writeFile(path.join(forged, 'checkpoints.txt'), notes.slice(0, -1).join(''));
		const thief = await openLog(forged);
		await thief.append([entry(9), entry(10)]);
		await thief.close();
		await writeFile(path.join(forged, 'rotations.txt'), ownRotations);
		expect(await verify(forged)).toEqual({ intact: false, sequence: 8, fault: 'checkpoint_unsigned' });
		expect(await verify(forged, { checkpoints: outside })).toEqual({
			intact: false,
			sequence: 8,
			fault: 'not_the_signed_one'
		});
	});

	it('finds every changed byte of a replacement', async () => {
		const file = path.join(folder, 'rotations.txt');
		const bytes = await readFile(file);
		for (let at = 0; at < bytes.length; at++) {
			const changed = Buffer.from(bytes);
			changed[at] = (changed[at] ?? 0) ^ 1;
			await writeFile(file, changed);
			expect(await verify(folder), `byte ${at}`).toEqual({ intact: false, sequence: 8, fault: 'key_unsigned' });
		}
	});

	it('finds that the replacements beside the log are gone, and needs only those outside', async () => {
		await rm(path.join(folder, 'rotations.txt'));
		expect(await verify(folder)).toEqual({ intact: false, sequence: 8, fault: 'checkpoint_unsigned' });
		expect(await verify(folder, { checkpoints: outside })).toMatchObject({ intact: true, entries: 8 });
	});

	it('goes on with the old key when the new one was never vouched for', async () => {
		// Stopped in the middle: the new private key lies there, and no note names it.
		await createSigningKey(path.join(folder, 'elsewhere'));
		const stray = await signingKeyIn(path.join(folder, 'elsewhere'));
		await copyFile(stray, path.join(folder, path.basename(stray)));
		const log = await openLog(folder, outside);
		await log.append(entry(3));
		await log.close();
		expect(await verify(folder, { checkpoints: outside })).toMatchObject({ intact: true, entries: 9 });
	});
});
