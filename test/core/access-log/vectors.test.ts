import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { verify } from '#access-log/verify.ts';
import { newPlace } from './folder.ts';
import { isWhole } from './independent.ts';
import vectors from './vectors.json' with { type: 'json' };

/** The log of the vectors as a folder; it must stay whole for ever, whatever becomes of the code that wrote it. */
async function written(change = (text: string) => text): Promise<string> {
	const folder = await newPlace();
	const database = new DatabaseSync(path.join(folder, 'log.db'));
	database.exec('CREATE TABLE entries (sequence INTEGER PRIMARY KEY, canonical TEXT NOT NULL, hash TEXT NOT NULL)');
	const insert = database.prepare('INSERT INTO entries VALUES (?, ?, ?)');
	for (const { sequence, canonical, hash } of vectors.entries) insert.run(sequence, change(canonical), hash);
	database.close();
	for (const name of ['public-key.txt', 'rotations.txt', 'checkpoints.txt'] as const) {
		await writeFile(path.join(folder, name), vectors[name]);
	}
	return folder;
}

it('a log of the format’s first version is whole, by both verifiers', async () => {
	const folder = await written();
	expect(await verify(folder)).toMatchObject({ intact: true, entries: 5, checkpoint: { size: 5 } });
	expect(isWhole(folder)).toBe(true);
});

it('and is not when one word of it is another', async () => {
	const folder = await written((text) => text.replace('"refused"', '"done"'));
	expect(await verify(folder)).toEqual({ intact: false, sequence: 5, fault: 'edited' });
	expect(isWhole(folder)).toBe(false);
});
