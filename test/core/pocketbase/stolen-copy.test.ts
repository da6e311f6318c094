import { execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findProgram } from '#pocketbase/binary.ts';
import { newClient } from '#pocketbase/pocketbase.ts';
import { setSuperuser, startServer } from '#pocketbase/server.ts';
import { openSealed } from '#sealing/sealed-file.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

let house: House;
let stolen: string;
beforeAll(async () => {
	house = await openHouse();
	stolen = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-stolen-'));
});
afterAll(async () => {
	await house.close();
	await rm(stolen, { recursive: true, force: true });
});

/** Whether ffprobe takes the bytes for sound. */
function isSound(bytes: Uint8Array): boolean {
	return spawnSync('ffprobe', ['-v', 'error', '-'], { input: bytes }).status === 0;
}

it('a copy of PocketBase’s folder, opened by another PocketBase as superuser, holds nothing that plays', async () => {
	const sound = execFileSync(
		'ffmpeg',
		['-v', 'error', '-f', 'lavfi', '-i', 'sine=440:duration=3:sample_rate=8000', '-c:a', 'pcm_alaw', '-f', 'wav', '-'],
		{ maxBuffer: 1 << 24 }
	);
	expect(isSound(sound)).toBe(true);
	const { person } = await plant.person(house, ['agent']);
	const planted = await plant.recording(house, person, sound);

	await cp(path.join(house.data, 'pocketbase'), path.join(stolen, 'pocketbase'), { recursive: true });
	const place = { program: await findProgram(undefined), data: stolen };
	await setSuperuser(place, 'thief@elsewhere.internal', 'a thief knows this one');
	const other = await startServer(place);
	try {
		const thief = newClient(other.url);
		await thief.collection('_superusers').authWithPassword('thief@elsewhere.internal', 'a thief knows this one');
		const [row] = await thief.collection('recordings').getFullList();
		expect(row?.id).toBe(planted.id);
		const token = await thief.files.getToken();
		const file = await fetch(thief.files.getURL(row ?? planted, row?.['audio'], { token }));
		expect(file.status).toBe(200);
		const bytes = new Uint8Array(await file.arrayBuffer());
		expect(isSound(bytes)).toBe(false);

		// The same bytes with the keyring, which the thief has not: they are the recording.
		const source = { size: bytes.length, read: (at: number, length: number) => bytes.subarray(at, at + length) };
		const reader = await openSealed(source, await house.register.keyring.identityFor(row?.['key_day']));
		expect(Buffer.from(await reader.read(0, reader.size)).equals(sound)).toBe(true);
	} finally {
		await other.stop();
	}

	const marker = sound.subarray(4000, 4064);
	const files = await readdir(stolen, { recursive: true, withFileTypes: true });
	const found = await Promise.all(
		files.filter((file) => file.isFile()).map((file) => readFile(path.join(file.parentPath, file.name)))
	);
	expect(found.length).toBeGreaterThan(2);
	expect(found.filter((bytes) => bytes.includes(marker) || bytes.includes('AGE-SECRET-KEY'))).toEqual([]);
});
