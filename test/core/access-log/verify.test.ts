import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSigningKey } from '#access-log/keys.ts';
import { canonical, hashOf, nothing } from '#access-log/canonical.ts';
import { verify, type Fault, type Verdict } from '#access-log/verify.ts';
import { entry } from './entries.ts';
import { newFolder, newPlace, openLog } from './folder.ts';

const size = 6;
const all = Array.from({ length: size }, (_, index) => index + 1);

let folder: string;
let file: string;
let untouched: Buffer;

/** A log of six entries with one checkpoint over all of them, closed, in a table that stops no forger. */
beforeEach(async () => {
	folder = await newFolder();
	file = path.join(folder, 'log.db');
	const log = await openLog(folder);
	await log.append(all.map(entry));
	await log.close();
	const database = new DatabaseSync(file);
	// Its own columns to filter by refuse what is not JSON; a forger makes the table anew without them.
	database.exec(`
		CREATE TABLE plain (sequence INTEGER PRIMARY KEY, canonical, hash);
		INSERT INTO plain SELECT sequence, canonical, hash FROM entries;
		DROP TABLE entries;
		ALTER TABLE plain RENAME TO entries;
	`);
	database.exec('PRAGMA journal_mode = DELETE');
	database.close();
	untouched = await readFile(file);
});

/** What verification says after a forger was at the file; the file is then as it was. */
async function after(forge: (database: DatabaseSync) => void): Promise<Verdict> {
	const database = new DatabaseSync(file);
	database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY');
	forge(database);
	database.close();
	const verdict = await verify(folder);
	await writeFile(file, untouched);
	return verdict;
}

const broken = (sequence: number, ...faults: Fault[]) => ({
	intact: false,
	sequence,
	fault: expect.toBeOneOf(faults)
});
const set = (column: string, sequence: number, value: string | number | bigint) => (database: DatabaseSync) =>
	void database.prepare(`UPDATE entries SET ${column} = ? WHERE sequence = ?`).run(value, sequence);
const shift = (database: DatabaseSync, from: number) => {
	// By way of the negative numbers, because no two rows may share one even for a moment.
	database.exec(`UPDATE entries SET sequence = -sequence - 1 WHERE sequence >= ${from}`);
	database.exec('UPDATE entries SET sequence = -sequence WHERE sequence < 0');
};
const rowsOf = (database: DatabaseSync) =>
	database
		.prepare('SELECT canonical, hash FROM entries ORDER BY sequence')
		.all()
		.map((row) => ({ canonical: String(row['canonical']), hash: String(row['hash']) }));
const insert = (database: DatabaseSync, sequence: number, row: { canonical: string; hash: string }) =>
	void database
		.prepare('INSERT INTO entries (sequence, canonical, hash) VALUES (?, ?, ?)')
		.run(sequence, row.canonical, row.hash);

/** Changes entry `sequence` and makes the chain fit again from there on, as one without the key can. */
function rewrite(database: DatabaseSync, sequence: number): void {
	let previous = nothing;
	for (const [index, row] of rowsOf(database).entries()) {
		const said: object = JSON.parse(row.canonical);
		const changed = index + 1 === sequence ? { ...said, actor: 'somebodyelse000' } : said;
		const text = canonical({ ...changed, previous });
		previous = hashOf(text);
		set('canonical', index + 1, text)(database);
		set('hash', index + 1, previous)(database);
	}
}

describe('verification', () => {
	it('finds an untouched log intact, with the checkpoint that vouches for it', async () => {
		const progress: number[] = [];
		const verdict = await verify(folder, { onProgress: (entries) => progress.push(entries) });
		expect(verdict).toMatchObject({ intact: true, entries: size, checkpoint: { size } });
		expect(progress).toEqual([size]);
	});

	it('finds an empty log intact, used or not', async () => {
		const empty = await newFolder();
		expect(await verify(empty)).toEqual({ intact: true, entries: 0, checkpoint: undefined });
		await (await openLog(empty)).close();
		expect(await verify(empty)).toEqual({ intact: true, entries: 0, checkpoint: undefined });
	});

	it('runs while the application writes, over more entries than it takes at a time', async () => {
		const running = await newFolder();
		const log = await openLog(running);
		await log.append(Array.from({ length: 2500 }, (_, number) => entry(number)));
		const verdicts = [];
		for (let round = 0; round < 5; round++) {
			const verdict = verify(running);
			await log.append(entry(round));
			verdicts.push(await verdict);
		}
		expect(verdicts.map(({ intact }) => intact)).toEqual([true, true, true, true, true]);
		expect(verdicts.at(-1)).toMatchObject({ entries: expect.toSatisfy((count: number) => count >= 2504) });
		await log.close();
	});

	it('walks a long log in threads and finds what is wrong in each of them, the first of all first', async () => {
		const long = await newFolder();
		const log = await openLog(long);
		await log.append(Array.from({ length: 20_001 }, (_, number) => entry(number)));
		await log.close();
		let looked = 0;
		const whole = await verify(long, { threads: 3, onProgress: (entries) => (looked = entries) });
		expect(whole).toMatchObject({ intact: true, entries: 20_001, checkpoint: { size: 20_001 } });
		expect(looked).toBe(20_001);
		const database = new DatabaseSync(path.join(long, 'log.db'));
		// The last of one thread, the first of the next, and one in the middle of the last.
		for (const sequence of [19_000, 13_334, 6668, 6667]) {
			database.exec(`DELETE FROM entries WHERE sequence = ${sequence}`);
			expect(await verify(long, { threads: 3 })).toEqual(broken(sequence, 'missing'));
		}
		database.close();
	});

	it('takes entries of another form for edited, even when their hash fits', async () => {
		for (const change of [
			(text: string) => text.replace('{', '{ '),
			(text: string) => text.replace('"v":1', '"v":1,"v":1'),
			(text: string) => text.replace(/("action":"[a-z_]+"),("actor":"[a-z0-9]+")/, '$2,$1'),
			(text: string) => text.replace('"position_ms":3', '"position_ms":03'),
			(text: string) => text.replace('"v":1', '"v":1,'),
			(text: string) => text.replace(',"at"', '"at"')
		]) {
			const verdict = await after((database) => {
				const text = rowsOf(database)[2]?.canonical ?? '';
				expect(change(text)).not.toBe(text);
				set('canonical', 3, change(text))(database);
				set('hash', 3, hashOf(change(text)))(database);
			});
			expect(verdict).toEqual(broken(3, 'edited'));
		}
	});

	it('finds every changed character of every entry', { timeout: 60_000 }, async () => {
		for (const sequence of all) {
			const text = rowsOfFile()[sequence - 1]?.canonical ?? '';
			for (let at = 0; at < text.length; at++) {
				const edited = `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`;
				const verdict = await after(set('canonical', sequence, edited));
				expect(verdict, edited).toEqual({ intact: false, sequence, fault: 'edited' });
			}
		}
	});

	it('finds every changed hash', async () => {
		for (const sequence of all) {
			for (let at = 0; at < 64; at += 9) {
				const verdict = await after((database) => {
					const hash = rowsOf(database)[sequence - 1]?.hash ?? '';
					set('hash', sequence, `${hash.slice(0, at)}${hash[at] === '0' ? '1' : '0'}${hash.slice(at + 1)}`)(database);
				});
				expect(verdict).toEqual({ intact: false, sequence, fault: 'edited' });
			}
		}
	});

	it.each([[0n], [-1n], [-(2n ** 63n)], [7n], [100n], [2n ** 63n - 1n]])(
		'finds an entry that was given the number %s',
		async (number) => {
			for (const sequence of all) {
				const verdict = await after(set('sequence', sequence, number));
				// Moved behind the last one, the last one is not missed before its checkpoint is.
				const at = number < 1n ? 1 : sequence;
				expect(verdict).toEqual(broken(at, 'inserted', 'missing', 'reordered'));
			}
		}
	);

	it('finds every deleted entry, the last one by its checkpoint', async () => {
		for (const sequence of all) {
			const verdict = await after((database) => database.exec(`DELETE FROM entries WHERE sequence = ${sequence}`));
			expect(verdict).toEqual(broken(sequence, sequence === size ? 'truncated' : 'missing'));
		}
	});

	it('finds every deleted entry when the later ones were moved up', async () => {
		for (const sequence of all.slice(0, -1)) {
			const verdict = await after((database) => {
				database.exec(`DELETE FROM entries WHERE sequence = ${sequence}`);
				database.exec(`UPDATE entries SET sequence = sequence - 1 WHERE sequence > ${sequence}`);
			});
			expect(verdict).toEqual(broken(sequence, 'reordered'));
		}
	});

	it('finds every truncation back behind a checkpoint', async () => {
		for (const kept of [0, ...all.slice(0, -1)]) {
			const verdict = await after((database) => database.exec(`DELETE FROM entries WHERE sequence > ${kept}`));
			expect(verdict).toEqual(broken(kept + 1, 'truncated'));
		}
	});

	it('finds an invented entry in every place', async () => {
		for (const sequence of all) {
			const verdict = await after((database) => {
				const previous = rowsOf(database)[sequence - 2]?.hash ?? nothing;
				shift(database, sequence);
				const at = '2026-01-01T00:00:00.000Z';
				const text = canonical({ ...entry(99), sequence, at, previous, v: 1 });
				insert(database, sequence, { canonical: text, hash: hashOf(text) });
			});
			// It fits by itself, so the first that does not is the one that it pushed away.
			expect(verdict).toEqual(
				sequence === size ? broken(size, 'not_the_signed_one') : broken(sequence + 1, 'reordered')
			);
		}
	});

	it('finds every exchange of two entries and every repetition of one', async () => {
		for (const one of all) {
			for (const other of all) {
				const verdict = await after((database) => {
					const row = rowsOf(database)[one - 1];
					const second = rowsOf(database)[other - 1];
					if (!row || !second) return;
					if (one === other) {
						shift(database, one + 1);
						insert(database, one + 1, row);
						return;
					}
					set('canonical', one, second.canonical)(database);
					set('hash', one, second.hash)(database);
					set('canonical', other, row.canonical)(database);
					set('hash', other, row.hash)(database);
				});
				expect(verdict).toEqual(broken(one === other ? one + 1 : Math.min(one, other), 'reordered'));
			}
		}
	});

	it('finds an entry whose link to the one before was made anew', async () => {
		const verdict = await after((database) => {
			const said: object = JSON.parse(rowsOf(database)[2]?.canonical ?? '');
			const text = canonical({ ...said, previous: nothing });
			set('canonical', 3, text)(database);
			set('hash', 3, hashOf(text))(database);
		});
		expect(verdict).toEqual(broken(3, 'unlinked'));
	});

	it('finds a rewritten log whose hashes all fit, by its signed checkpoint', async () => {
		for (const sequence of all) {
			expect(await after((database) => rewrite(database, sequence))).toEqual(broken(size, 'not_the_signed_one'));
		}
	});

	it('cannot find a rewritten log without any checkpoint, and then names none that vouches', async () => {
		const elsewhere = await newPlace();
		await copyFile(path.join(folder, 'checkpoints.txt'), path.join(elsewhere, 'checkpoints.txt'));
		await rm(path.join(folder, 'checkpoints.txt'));
		const database = new DatabaseSync(file);
		rewrite(database, 3);
		database.close();
		expect(await verify(folder)).toEqual({ intact: true, entries: size, checkpoint: undefined });
		expect(await verify(folder, { checkpoints: elsewhere })).toEqual(broken(size, 'not_the_signed_one'));
	});

	it('refuses to say that it compared with checkpoints that are not there', async () => {
		await expect(verify(folder, { checkpoints: await newPlace() })).rejects.toMatchObject({
			kind: 'unavailable',
			reason: 'checkpoints_unreadable'
		});
	});

	it('finds a checkpoint of another key', async () => {
		const otherKey = await createSigningKey(await newPlace());
		expect(await verify(folder, { publicKey: otherKey })).toEqual(broken(size, 'checkpoint_unsigned'));
		expect(await verify(folder, { publicKey: 'not a key' })).toEqual(broken(size, 'checkpoint_unsigned'));
	});

	it('finds by the public key that an auditor holds that the keys beside the log were made anew', async () => {
		const changed = await newPlace();
		const publicKey = await createSigningKey(changed);
		await rm(path.join(changed, 'public-key.txt'));
		await createSigningKey(changed);
		const log = await openLog(changed);
		await log.append(entry(1));
		await log.close();
		expect(await verify(changed)).toMatchObject({ intact: true });
		expect(await verify(changed, { publicKey })).toEqual(broken(1, 'checkpoint_unsigned'));
	});

	it('finds every changed byte of a checkpoint', async () => {
		const notes = path.join(folder, 'checkpoints.txt');
		const bytes = await readFile(notes);
		for (let at = 0; at < bytes.length; at++) {
			const changed = Buffer.from(bytes);
			changed[at] = (changed[at] ?? 0) ^ 1;
			await writeFile(notes, changed);
			expect(await verify(folder), `byte ${at}`).toEqual(broken(size, 'checkpoint_unsigned'));
		}
	});

	it.each([
		['is empty', ''],
		['is text', 'x'.repeat(5000)],
		['is another database', undefined]
	])('never throws for a file that %s', async (_, content) => {
		await writeFile(file, content ?? '');
		if (content === undefined) {
			const database = new DatabaseSync(file);
			database.exec('CREATE TABLE entries (sequence INTEGER PRIMARY KEY, words TEXT)');
			database.close();
		}
		expect(await verify(folder)).toEqual(broken(0, 'unreadable'));
	});

	it('says that a file that was taken away is not a log', async () => {
		await rm(file);
		expect(await verify(folder)).toEqual(broken(0, 'unreadable'));
	});

	it('says intact for no change of the raw file that changes an entry', async () => {
		const rows = JSON.stringify(rowsOfFile());
		// The same places each time, spread by a step that shares no factor with the size.
		let found = 0;
		for (let round = 0; round < 400; round++) {
			const changed = Buffer.from(untouched);
			const at = (round * 7919 + 13) % changed.length;
			changed[at] = (changed[at] ?? 0) ^ (1 << (round % 8));
			await writeFile(file, changed);
			const verdict = await verify(folder);
			if (verdict.intact) expect(JSON.stringify(rowsOfFile()), `byte ${at}`).toBe(rows);
			else found++;
		}
		expect(found).toBeGreaterThan(10);
	});
});

function rowsOfFile(): { canonical: string; hash: string }[] {
	const database = new DatabaseSync(file, { readOnly: true });
	try {
		return rowsOf(database);
	} finally {
		database.close();
	}
}
