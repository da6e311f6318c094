import { readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSigningKey } from '#access-log/keys.ts';
import { canonical, hashOf, nothing } from '#access-log/canonical.ts';
import { openAccessLog } from '#access-log/log.ts';
import { entry, id } from './entries.ts';
import { newFolder, newPlace, numbersIn, openLog } from './folder.ts';

/** How many commits SQLite's write-ahead log holds: frames that name the file's size after a commit. */
async function commitsOnDisk(folder: string): Promise<number> {
	const wal = await readFile(path.join(folder, 'log.db-wal'));
	const frame = 24 + wal.readUInt32BE(8);
	let commits = 0;
	for (let at = 32; at + frame <= wal.length; at += frame) if (wal.readUInt32BE(at + 4) !== 0) commits++;
	return commits;
}

describe('the access log', () => {
	it('chains each entry to the one before, across openings', async () => {
		const folder = await newFolder();
		const times = ['2026-03-29T00:59:59.999Z', '2026-03-29T01:00:00.000Z', '2026-03-28T12:00:00.000Z'];
		let log = await openAccessLog(folder, { now: () => new Date(times[0] ?? '') });
		await log.append([entry(1), entry(2)]);
		await log.close();
		log = await openAccessLog(folder, { now: () => new Date(times[1] ?? '') });
		await log.append(entry(3));
		await log.close();
		// A clock that was set back is on record, and breaks nothing.
		log = await openAccessLog(folder, { now: () => new Date(times[2] ?? '') });
		await log.append(entry(4));
		const entries = (await log.read({ limit: 10 })).reverse();
		await log.close();

		expect(entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
		expect(entries.map(({ at }) => at)).toEqual([times[0], times[0], times[1], times[2]]);
		expect(entries.map(({ previous }) => previous)).toEqual([
			nothing,
			...entries.slice(0, -1).map((one) => hashOf(canonical(one)))
		]);
		expect(entries[0]).toMatchObject({ ...entry(1), v: 1 });
	});

	it('writes entries that arrive together in one commit, in the order in which they came', async () => {
		const folder = await newFolder();
		const log = await openLog(folder);
		const before = await commitsOnDisk(folder);
		await Promise.all(Array.from({ length: 100 }, (_, number) => log.append(entry(number))));
		expect(await commitsOnDisk(folder)).toBe(before + 1);
		expect(log.commits).toBe(1);
		await log.append(entry(100));
		expect(await commitsOnDisk(folder)).toBe(before + 2);
		await log.close();
		expect(await numbersIn(folder)).toEqual(Array.from({ length: 101 }, (_, number) => number));
	});

	it('writes nothing of a batch in which one entry is wrong, and all of the others', async () => {
		const folder = await newFolder();
		const log = await openLog(folder);
		const wrong = log.append([entry(1), { ...entry(2), actor: 'Maija Virtanen' }]);
		const right = log.append([entry(3)]);
		await expect(wrong).rejects.toMatchObject({ kind: 'invalid', reason: 'log_entry', field: 'actor' });
		await right;
		await log.close();
		expect(await numbersIn(folder)).toEqual([3]);
	});

	it('writes at closing what still waits', async () => {
		const folder = await newFolder();
		const log = await openLog(folder);
		const appended = log.append(entry(1));
		await log.close();
		await appended;
		expect(await numbersIn(folder)).toEqual([1]);
	});

	it('is readable by its owner only, each file of it', async () => {
		const folder = path.join(await newPlace(), 'access-log');
		await createSigningKey(folder);
		const log = await openLog(folder);
		await log.append(entry(1));
		const rights = async (file: string) => (await stat(file)).mode & 0o777;
		expect(await rights(folder)).toBe(0o700);
		const files = await readdir(folder);
		expect(files).toEqual(expect.arrayContaining(['log.db', 'log.db-wal', 'public-key.txt', 'writer.lock']));
		for (const file of files) expect([file, await rights(path.join(folder, file))]).toEqual([file, 0o600]);
		await log.close();
	});
});

describe('reading the log', () => {
	it('gives the newest first, page by page, also while entries arrive', async () => {
		const log = await openLog(await newFolder());
		await log.append(Array.from({ length: 5 }, (_, number) => entry(number)));
		const first = await log.read({ limit: 2 });
		await log.append(entry(5));
		const second = await log.read({ limit: 2, before: first.at(-1)?.sequence ?? 0 });
		const third = await log.read({ limit: 2, before: second.at(-1)?.sequence ?? 0 });
		expect([first, second, third].map((page) => page.map(({ sequence }) => sequence))).toEqual([[5, 4], [3, 2], [1]]);
		await log.close();
	});

	it('finds by what was done, by whom, to what, where, with what outcome and when', async () => {
		let now = new Date('2026-11-01T10:00:00Z');
		const log = await openAccessLog(await newFolder(), { now: () => now });
		await log.append(entry(1));
		now = new Date('2026-11-02T10:00:00Z');
		const other = {
			action: 'open_audio',
			actor: id('kiosk'),
			role: 'customer',
			outcome: 'refused',
			reason: 'visit_ended',
			recording: id('other'),
			request: id('request'),
			visit: id('visit'),
			kiosk: id('kiosk')
		} as const;
		await log.append(other);
		const found = async (where: object) => (await log.read({ limit: 9, where })).map(({ sequence }) => sequence);

		for (const [name, value] of Object.entries(other)) {
			if (name !== 'reason') expect([name, await found({ [name]: value })]).toEqual([name, [2]]);
		}
		expect(await found({ actor: id('anna'), outcome: 'refused' })).toEqual([]);
		expect(await found({ from: '2026-11-02T10:00:00.000Z' })).toEqual([2]);
		expect(await found({ to: '2026-11-02T10:00:00.000Z' })).toEqual([1]);
		expect(await found({ from: '2026-11-01T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z' })).toEqual([2, 1]);
		// Names that are no filter do not get into the question, whatever they say.
		expect(await found({ '1 = 1 OR action': 'x', recording: "' OR 1 = 1 --" })).toEqual([]);
		await log.close();
	});

	it('says that it cannot be read rather than showing nothing', async () => {
		const folder = await newFolder();
		const log = await openLog(folder);
		await log.close();
		await rm(path.join(folder, 'log.db'));
		await expect(log.read({ limit: 1 })).rejects.toMatchObject({
			kind: 'unavailable',
			reason: 'access_log_unreadable'
		});
	});
});
