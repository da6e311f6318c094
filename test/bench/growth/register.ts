import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { verify } from '#access-log/verify.ts';
import { initDemo } from '#commands/init.ts';
import { addMany } from '#demo/many.ts';
import { password } from '#demo/people.ts';
import * as calls from '#listening/calls.ts';
import type { KioskListener } from '#listening/listener.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { startServer } from '#pocketbase/server.ts';
import { written } from '#pocketbase/collection.ts';
import { idOf } from '#pocketbase/data-file.ts';
import { openKeys, openRegister, type Register } from '#register.server.ts';
import * as matching from '#requests/matching.ts';
import { receive } from '#requests/request.ts';
import { sweep } from '#retention/sweep.ts';
import type { Step } from '#retention/steps.ts';
import { helsinkiDay } from '#sealing/day.ts';
import { seal } from '#sealing/seal.ts';
import { readSettings } from '#settings.ts';
import { people } from '#staff/person.ts';
import { pickFrom } from '../search/queries.ts';
import { median } from '../whole/figure.ts';
import { id, someEntry } from './entry.ts';
import { addAlike, sealedName } from './rows.ts';

type Note = (work: string, size: number, ms: number) => void;

const dueEach = 200;

/** One register that grows: recordings, and as many entries of its access log. */
export async function register(sizes: readonly number[], note: Note): Promise<void> {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-bench-'));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	const data = path.join(folder, 'data');
	const settings = readSettings({ PATH: process.env['PATH'], KUUNTELUPISTE_DATA: data });
	await initDemo(settings, 0);
	const keyring = await openKeys(settings);
	let [filled, entries] = [0, 0];
	for (const size of sizes) {
		await addMany(data, keyring, size - filled, () => undefined);
		filled = size;
		const first = size === sizes[0];
		if (first) for (const due of [100, 300, 1000]) await sweepOf(due, 'a sweep, by what is due', due);
		await addDue(dueEach);
		await withRegister(async (open) => {
			for (; entries < size; entries += 5000)
				await open.accessLog.append(Array.from({ length: 5000 }, (_, more) => someEntry(entries + more)));
			await searches(open, size);
			await plays(open, size);
			await log(open, size);
			await swept(open, dueEach, `a sweep of ${dueEach}`, size);
		});
	}
	rmSync(folder, { recursive: true });

	async function withRegister(work: (open: Register) => Promise<void>): Promise<void> {
		const server = await startServer({ program: await findProgram(undefined), data });
		try {
			const open = await openRegister(settings, server.url);
			await work(open).finally(() => open.accessLog.close());
		} finally {
			await server.stop();
		}
	}

	/** Recordings whose time is over, put straight into the stopped database. */
	async function addDue(count: number): Promise<void> {
		const answered = new Date(Date.now() - 200 * 24 * 3600_000);
		const day = helsinkiDay(answered);
		const sound = randomBytes(4000);
		const sealed = await seal(sound, await keyring.recipientFor(day));
		const database = new DatabaseSync(path.join(data, 'pocketbase', 'data.db'));
		const storage = path.join(data, 'pocketbase', 'storage', idOf(data, 'recordings'));
		const employee = String(database.prepare('SELECT id FROM staff LIMIT 1').get()?.['id']);
		addAlike(database, count, { employee, answered, day, bytes: sound.length }, (id) => {
			mkdirSync(path.join(storage, id));
			writeFileSync(path.join(storage, id, sealedName), sealed);
		});
		database.close();
	}

	async function sweepOf(due: number, work: string, size: number): Promise<void> {
		await addDue(due);
		await withRegister((open) => swept(open, due, work, size));
	}

	async function swept(open: Register, due: number, work: string, size: number): Promise<void> {
		const at = new Map<Step, number>();
		const began = performance.now();
		const reached = (step: Step): void => void at.set(step, performance.now() - began);
		const { recordings } = await sweep(open, { driftMs: 0, silenceMs: 0, agreed: due, reached });
		if (recordings !== due) throw new Error(`${recordings} of ${due} were destroyed`);
		const whole = performance.now() - began;
		if (size === due) return note(work, size, whole);
		// The whole file of the database is written anew once a sweep, so that deleted rows cannot be read in it.
		const anew = (at.get('leftovers_cleared') ?? NaN) - (at.get('files_removed') ?? NaN);
		note(`${work}, its destroying`, size, whole - anew);
		note(`${work}, the file without its gaps`, size, anew);
	}

	async function searches(open: Register, size: number): Promise<void> {
		const somebody = async (name: string) => {
			const { token, id } = await open.pocketbase.signIn(name, password);
			const as = open.pocketbase.as(token);
			return { as, person: await people(as).one(id) };
		};
		const [contact, agent] = [await somebody('contact'), await somebody('agent')];
		const form = { channel: 'phone', language: 'fi', name: 'Mitta', reach: '', remembers: '' } as const;
		const request = await receive(open, contact, { ...form, received: new Date() });
		const database = new DatabaseSync(path.join(data, 'pocketbase', 'data.db'), { readOnly: true });
		const some = pickFrom(database);
		const { from, to } = some.all();
		const windows = [{ from, to }];
		const ways: Record<string, () => Promise<unknown>> = {
			'search, a page of 50 out of half a year': () => matching.search(open, contact, request.id, { windows }),
			'search, a number with many calls': () =>
				matching.search(open, contact, request.id, { windows, maskedNumber: '+358491000***' }),
			'search, an agent’s week': () => calls.find(open, agent, 'own', some.window(7))
		};
		for (const [work, way] of Object.entries(ways)) note(work, size, await timed(40, way));
		// What else was so at that moment: PocketBase's answer for one row, and what SQLite alone takes for the first of them.
		const { id: employee } = agent.person;
		note('PocketBase’s own getOne', size, await timed(40, () => agent.as.collection('staff').getOne(employee)));
		const page = database.prepare(
			'SELECT * FROM calls WHERE answered >= ? AND answered < ? ORDER BY answered DESC, id DESC LIMIT 51'
		);
		const bounds = [from, to].map(written);
		if (page.all(...bounds).length !== 51) throw new Error('SQLite finds less than a page');
		note('bare SQLite, the first of these', size, await timed(40, async () => page.all(...bounds)));
		database.close();
	}

	/** From the question to 64 KiB of the sound in hand, with its line on the disk; each of another recording. */
	async function plays(open: Register, size: number): Promise<void> {
		const database = new DatabaseSync(path.join(data, 'pocketbase', 'data.db'), { readOnly: true });
		const ids = database
			.prepare(`SELECT id FROM recordings WHERE answered > ? ORDER BY source_key LIMIT 60`)
			.all(new Date(Date.now() - 150 * 24 * 3600_000).toISOString())
			.map(({ id }) => String(id));
		database.close();
		const visit = { id: id(1), request: id(2), appointment: id(3), kiosk: id(4), state: 'player', verifiedBy: id(5) };
		const listener: KioskListener = {
			kind: 'kiosk',
			kiosk: { id: id(4), office: id(6) },
			visit: { ...visit, ends: new Date(Date.now() + 3600_000), recordings: [...ids] }
		};
		const one = async (): Promise<unknown> => {
			const hearing = await open.listenings.open(open, listener, ids.pop() ?? '');
			const sound = await hearing.reader.read(0, Math.min(65_536, hearing.reader.size));
			ended.push(() => hearing.end('customer'));
			return sound;
		};
		const ended: (() => Promise<void>)[] = [];
		note('start of a play', size, await timed(50, one));
		for (const end of ended) await end();
	}

	async function log(open: Register, size: number): Promise<void> {
		note('a line in the log', size, await timed(300, () => open.accessLog.append(someEntry(size))));
		const place = path.join(data, 'access-log');
		const walk = async (): Promise<void> => {
			const verdict = await verify(place, { threads: 1 });
			if (!verdict.intact) throw new Error(verdict.fault);
		};
		note('verifying the log', size, await timed(3, walk));
		const database = new DatabaseSync(path.join(place, 'log.db'), { readOnly: true });
		const texts = database.prepare('SELECT canonical FROM entries').all();
		database.close();
		const bare = async (): Promise<void> => {
			for (const { canonical } of texts) hash('sha256', String(canonical), 'hex');
		};
		note('bare SHA-256 of its entries', size, await timed(3, bare));
	}
}

/** The median of so many rounds in ms, after a few that do not count. */
async function timed(rounds: number, work: () => Promise<unknown>): Promise<number> {
	const took: number[] = [];
	for (let round = -Math.min(5, rounds); round < rounds; round++) {
		const began = performance.now();
		await work();
		if (round >= 0) took.push(performance.now() - began);
	}
	return median(took);
}
