import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openForReading } from '#access-log/database.ts';
import { openAccessLog } from '#access-log/log.ts';
import { all } from '#access-log/pages.ts';
import { filters, statement, type Question } from '#access-log/reading.ts';
import { entry, id } from './entries.ts';
import { newFolder, openLog } from './folder.ts';

/** How SQLite would go about a question. */
function planOf(folder: string, question: Question): string {
	const database = openForReading(folder);
	const { text, values } = statement(database, question);
	const steps = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values);
	database.close();
	return steps.map((step) => String(step['detail'])).join('; ');
}

describe('every filter is served by an index, in the order of the log', () => {
	it('each alone, with a page and a time beside it, without sorting and without walking the whole log', async () => {
		const folder = await newFolder();
		const log = await openLog(folder);
		await log.append(Array.from({ length: 20 }, (_, number) => entry(number)));
		const times = { from: '2026-01-01T00:00:00.000Z', to: '2099-01-01T00:00:00.000Z' };
		for (const name of filters) {
			for (const page of [{}, { before: 10 }, { after: 10 }]) {
				const plan = planOf(folder, { limit: 5, where: { [name]: id('anna') }, ...page });
				expect([name, plan]).toEqual([name, expect.stringMatching(`^SEARCH entries USING INDEX entries_${name} \\(`)]);
				const timed = planOf(folder, { limit: 5, where: { [name]: id('anna'), ...times }, ...page });
				expect(timed).toContain(`SEARCH entries USING INDEX entries_${name} (${name}=? AND sequence>`);
			}
		}
		expect(planOf(folder, { limit: 5, before: 10 })).toBe('SEARCH entries USING INTEGER PRIMARY KEY (rowid<?)');
		expect(planOf(folder, { limit: 5, where: times })).toContain('USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)');
		expect(planOf(folder, { limit: 5 })).toBe('SCAN entries');
		await log.close();
	});

	it('of two, by the one that fewer entries have', async () => {
		const folder = await newFolder();
		const log = await openLog(folder);
		await log.append(Array.from({ length: 20 }, (_, number) => entry(number)));
		await log.append({ ...entry(21), recording: id('rare') });
		const where = { actor: id('anna'), action: 'view_recording' };
		expect(planOf(folder, { limit: 5, where: { ...where, recording: id('rare') } })).toContain('entries_recording');
		expect(planOf(folder, { limit: 5, where: { ...where, outcome: 'refused' } })).toContain('entries_outcome');
		await log.close();
	});

	it('also in a log that was begun before there were such indexes; until then without them', async () => {
		const folder = await newFolder();
		let log = await openLog(folder);
		await log.append([entry(1), { ...entry(2), office: id('office') }]);
		await log.close();
		const database = new DatabaseSync(path.join(folder, 'log.db'));
		database.exec('DROP INDEX entries_office; DROP INDEX entries_role');
		database.close();
		expect(planOf(folder, { limit: 5, where: { office: id('office') } })).toBe('SCAN entries');
		log = await openLog(folder);
		await log.append(entry(3));
		expect(planOf(folder, { limit: 5, where: { office: id('office') } })).toContain('entries_office');
		expect((await log.read({ limit: 5, where: { office: id('office') } })).map(({ sequence }) => sequence)).toEqual([
			2
		]);
		await log.close();
	});
});

it('entries of a time are found although the clock was set back meanwhile', async () => {
	let now = new Date('2026-11-02T00:00:00Z');
	const log = await openAccessLog(await newFolder(), { now: () => now });
	const hours = ['01', '03', '05', '04', '06', '08', '07', '09', '20', '21'];
	for (const hour of hours) {
		now = new Date(`2026-11-02T${hour}:30:00Z`);
		await log.append(entry(Number(hour)));
	}
	const between = async (from: string, to: string) =>
		(await log.read({ limit: 20, where: { from: `2026-11-02T${from}:00:00.000Z`, to: `2026-11-02T${to}:00:00.000Z` } }))
			.map(({ measures }) => measures?.position_ms)
			.reverse();
	expect(await between('04', '07')).toEqual([5, 4, 6]);
	expect(await between('07', '08')).toEqual([7]);
	expect(await between('10', '20')).toEqual([]);
	expect(await between('20', '23')).toEqual([20, 21]);
	await log.close();
});

it('a whole reading ends with the entries that there were when it began, although it writes itself', async () => {
	const log = await openLog(await newFolder());
	await log.append(Array.from({ length: 2500 }, (_, number) => entry(number)));
	const reading = all(log, { action: 'view_recording' });
	await log.append(entry(2500));
	expect((await reading).map(({ sequence }) => sequence)).toEqual(Array.from({ length: 2500 }, (_, n) => n + 1));
	await log.close();
});
