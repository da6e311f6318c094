import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { verify } from '#access-log/verify.ts';
import { entry } from './entries.ts';
import { newFolder, newPlace, openLog } from './folder.ts';
import { isWhole } from './independent.ts';
import { forgeries, randomFrom, restore, victimOf, type Victim } from './mutate.ts';

/** A closed log of so many entries, ready to be forged, and the place outside that holds its checkpoint. */
async function newVictim(size: number): Promise<{ victim: Victim; outside: string }> {
	const folder = await newFolder();
	const log = await openLog(folder);
	await log.append(Array.from({ length: size }, (_, number) => entry(number)));
	await log.close();
	const outside = await newPlace();
	await copyFile(path.join(folder, 'checkpoints.txt'), path.join(outside, 'checkpoints.txt'));
	const victim = victimOf(folder);
	onTestFinished(() => victim.database.close());
	return { victim, outside };
}

it('every kind of forgery at every entry of logs of up to twelve is found, and by another verifier too', async () => {
	const random = randomFrom(2026);
	let found = 0;
	for (let size = 1; size <= 12; size++) {
		const { victim, outside } = await newVictim(size);
		expect(await verify(victim.folder, { checkpoints: outside })).toMatchObject({ intact: true, entries: size });
		expect(isWhole(victim.folder, [victim.folder, outside])).toBe(true);
		for (const [name, forge] of Object.entries(forgeries)) {
			for (let at = 1; at <= size; at++) {
				const what = forge(victim, at, random);
				if (what === undefined) continue;
				const verdict = await verify(victim.folder, { checkpoints: outside });
				expect(verdict.intact, `${name} ${what} of ${size}`).toBe(false);
				expect(isWhole(victim.folder, [victim.folder, outside]), `${name} ${what} of ${size}`).toBe(false);
				found++;
				restore(victim);
			}
		}
		expect(await verify(victim.folder, { checkpoints: outside })).toMatchObject({ intact: true });
	}
	// 17 kinds at 78 entries, less the exchanges of an entry with itself.
	expect(found).toBeGreaterThan(1250);
}, 60_000);

it('random forgeries in a log of 10,000 entries are found', async () => {
	const { victim, outside } = await newVictim(10_000);
	const random = randomFrom(11);
	const names = Object.keys(forgeries);
	for (let round = 0; round < 4 * names.length; round++) {
		const name = names[round % names.length] ?? '';
		const what = forgeries[name]?.(victim, 1 + random(victim.size), random);
		if (what === undefined) continue;
		const { intact } = await verify(victim.folder, { checkpoints: outside });
		expect(intact, `${name} ${what}`).toBe(false);
		restore(victim);
	}
}, 60_000);

it('what no checkpoint covers can be made anew unseen, and the verdict says how far it vouches', async () => {
	const folder = await newFolder();
	const log = await openLog(folder);
	await log.append([entry(1), entry(2), entry(3)]);
	await log.close();
	const cut = await newPlace();
	for (const name of ['checkpoints.txt', 'public-key.txt']) {
		await copyFile(path.join(folder, name), path.join(cut, name));
	}
	const again = await openLog(folder);
	await again.append([entry(4), entry(5)]);
	// As after a power cut before the next checkpoint: the two are on the disk, and no note of them is.
	for (const name of ['log.db', 'log.db-wal']) await copyFile(path.join(folder, name), path.join(cut, name));
	await again.close();
	const covered = { intact: true, checkpoint: { size: 3 } };
	expect(await verify(cut)).toMatchObject({ ...covered, entries: 5 });
	const victim = victimOf(cut);
	onTestFinished(() => victim.database.close());
	forgeries['edited, with the rest of the chain made anew']?.(victim, 4, randomFrom(1));
	expect(await verify(cut)).toMatchObject({ ...covered, entries: 5 });
	forgeries['truncated']?.(victim, 4, randomFrom(1));
	expect(await verify(cut)).toMatchObject({ ...covered, entries: 3 });
	forgeries['truncated']?.(victim, 3, randomFrom(1));
	expect(await verify(cut)).toEqual({ intact: false, sequence: 3, fault: 'truncated' });
});
