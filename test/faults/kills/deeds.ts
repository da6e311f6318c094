import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import http, { type IncomingMessage } from 'node:http';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { written } from '#pocketbase/collection.ts';
import { exportOf, forget } from '../../core/recordings/killed.ts';
import { call, day, type Planted } from '../../core/retention/scene.ts';
import * as plant from '../../support/plant.ts';
import { launch } from '../../support/serving.ts';
import { migrate } from './migrating.ts';
import type { Stage } from './stage.ts';
import type { Victim } from './victims.ts';

/** What the server, or a command, has said to be done: so it must be, whatever was killed after it said so. */
export type Claim = (what: string, holds: () => boolean) => void;

/** A deed that is ready to be begun. */
export interface Work {
	/** Goes on until it is done or `over`; what does not answer any more is given up. */
	run(claim: Claim, over: AbortSignal): Promise<void>;
	/** What else is at work, if anything is, and can be killed. */
	command?(): Pick<ChildProcess, 'kill'> | undefined;
	/** Does it to its end, when everything runs again; gives what is then not as it must be. */
	after?(): Promise<string[]>;
}

/** What is going on when something is killed. */
export interface Deed {
	victims: readonly Victim[];
	/** The kill comes within so many ms. */
	withinMs: number;
	prepare(stage: Stage, cycle: number): Promise<Work>;
}

const server = ['application', 'database', 'both'] as const;
const beside = [...server, 'command'] as const;

export const deeds: Record<string, Deed> = {
	booking: { victims: server, withinMs: 1500, prepare: book },
	release: { victims: server, withinMs: 1500, prepare: release },
	play: { victims: server, withinMs: 600, prepare: play },
	import: { victims: beside, withinMs: 2000, prepare: importCalls },
	sweep: { victims: beside, withinMs: 1200, prepare: sweep },
	backup: { victims: beside, withinMs: 1800, prepare: backUp },
	migration: { victims: ['command'], withinMs: 1500, prepare: migrate }
};

/** Two requests want the same hours of one kiosk, again and again; whoever gets one gives it back, or moves on. */
async function book({ superuser, contact, office, calls, send, rows, lines }: Stage): Promise<Work> {
	const house = { superuser: await superuser() };
	const kiosk = await plant.kiosk(house, office, contact.id);
	const ask = () =>
		plant.request(house, contact.id, { state: 'matched', recordings: calls.slice(0, 1), due: written(inDays(80)) });
	const requests = [await ask(), await ask()];
	const inHour = Math.ceil(Date.now() / 3600_000) * 3600_000;
	const hourOf = (request: string, starts: number) =>
		rows(
			"SELECT id, state FROM appointments WHERE request = ? AND starts = ? AND state = 'booked'",
			request,
			written(new Date(starts))
		)[0];
	return {
		async run(claim, over) {
			for (let round = 0; !over.aborted; round++) {
				const starts = inHour + (24 + round) * 3600_000;
				const form = { slot: `${kiosk.id} ${starts}`, office, minutes: '30' };
				await Promise.all(
					requests.map(async ({ id: request }) => {
						if ((await send(`/console/requests/${request}?/book`, form)) !== 303) return;
						const hour = String(hourOf(request, starts)?.['id']);
						const name = `the hour ${hour} of ${request}`;
						const logged = () =>
							lines("SELECT 1 FROM entries WHERE action = 'book_appointment' AND appointment = ?", hour).length > 0;
						claim(name, () => hourOf(request, starts) !== undefined && logged());
						// From here on it may be either, until the answer comes.
						claim(name, logged);
						const change = { appointment: hour, change: 'us mistake' };
						if ((await send(`/console/requests/${request}?/cancel`, change)) !== 200) return;
						const state = () => rows('SELECT state FROM appointments WHERE id = ?', hour)[0]?.['state'];
						claim(name, () => state() === 'cancelled' && logged());
					})
				);
			}
		}
	};
}

/** Visitors wait at kiosks, and one after the other is released. */
async function release({ superuser, contact, office, calls, send, rows, lines }: Stage): Promise<Work> {
	const house = { superuser: await superuser() };
	const visits: string[] = [];
	for (let count = 0; count < 12; count++) visits.push(await visitor({}));
	async function visitor(fields: Record<string, unknown>): Promise<string> {
		const kiosk = await plant.kiosk(house, office, contact.id);
		const request = await plant.request(house, contact.id, { state: 'booked', recordings: calls });
		const place = { request: request.id, office, kiosk: kiosk.id };
		const appointment = await plant.appointment(house, { ...place, bookedBy: contact.id });
		return (await plant.visit(house, { ...place, appointment: appointment.id }, fields)).id;
	}
	return {
		async run(claim, over) {
			for (const visit of visits) {
				if (over.aborted) return;
				if ((await send('/console/today?/release', { visit, document: 'passport' })) !== 200) continue;
				claim(`the release of ${visit}`, () => {
					const [row] = rows('SELECT state, verified_by FROM visits WHERE id = ?', visit);
					const told = lines("SELECT 1 FROM entries WHERE action = 'release_visit' AND visit = ?", visit);
					return row?.['state'] === 'notice' && row['verified_by'] === contact.id && told.length > 0;
				});
			}
		},
		async after() {
			// What nobody answered is either done whole or not at all: a visitor is never half released.
			const half = rows(
				`SELECT id FROM visits WHERE id IN (${visits.map(() => '?').join()}) AND (state = 'waiting') != (verified_by = '')`,
				...visits
			);
			return half.map(({ id }) => `the visit ${String(id)} is half released`);
		}
	};
}

/** A visitor hears one recording after the other, and begins anew. */
async function play({ superuser, serving, contact, office, calls, lines }: Stage): Promise<Work> {
	const house = { superuser: await superuser() };
	const { visit, headers } = await plant.hearer(house, { office, contact: contact.id, calls });
	return {
		async run(claim, over) {
			for (let round = 0; !over.aborted; round++) {
				const id = calls[round % calls.length] ?? '';
				try {
					const asking = http.get(`${serving.origin}/audio/${id}`, { agent: false, headers });
					const [answer] = (await once(asking, 'response')) as [IncomingMessage];
					let heard = 0;
					for await (const piece of answer) {
						heard += (piece as Buffer).length;
						if (answer.statusCode !== 200 || heard > (piece as Buffer).length) continue;
						claim(`the listening to ${id} in ${visit}`, () =>
							hasLine("action = 'listen_begin' AND visit = ? AND recording = ?", visit, id)
						);
						await wait(20);
					}
				} catch {
					// The line was cut in the middle of the sound.
				}
			}
		}
	};
	function hasLine(where: string, ...given: string[]): boolean {
		return lines(`SELECT 1 FROM entries WHERE ${where}`, ...given).length > 0;
	}
}

/** An export of four calls is taken in. */
async function importCalls({ serving, rows }: Stage): Promise<Work> {
	const folder = exportOf(4);
	const text = await readFile(path.join(folder, 'calls.csv'), 'utf8');
	const [, ...lines] = text.split('\n');
	const answered = lines.map((line) => (line.split(',')[0] ?? '').replace('T', ' '));
	const there = (): number =>
		rows(`SELECT id FROM recordings WHERE answered IN (${answered.map(() => '?').join()})`, ...answered).length;
	return {
		...commanded(serving.environment, ['import', folder], 'the import of four calls', () => there() === 4),
		async after() {
			const again = await serving.command('import', folder);
			forget(folder);
			if (again.code !== 0) return [`the import does not come to its end: ${again.err}`];
			return there() === 4 ? [] : [`${there()} recordings of 4 calls`];
		}
	};
}

/** A day of calls is past its time. Each cycle has a day of its own. */
async function sweep({ superuser, serving, keyring, agent, rows, lines }: Stage, cycle: number): Promise<Work> {
	const ground = { superuser: await superuser(), register: { keyring } };
	const answered = new Date(Date.now() - (200 + cycle) * day);
	const calls: Planted[] = [];
	for (let count = 0; count < 3; count++) calls.push(await call(ground, agent, answered));
	const stored = path.join(
		serving.data,
		'pocketbase',
		'storage',
		String(rows("SELECT id FROM _collections WHERE name = 'recordings'")[0]?.['id'])
	);
	const left = (): string[] =>
		calls.flatMap(({ id }) => {
			const certified = rows("SELECT id FROM destructions WHERE id = ? AND destroyed != ''", id).length === 1;
			const logged = lines("SELECT 1 FROM entries WHERE action = 'destroy_recording' AND recording = ?", id).length;
			const row = rows('SELECT id FROM recordings WHERE id = ?', id).length > 0;
			const wrong = { row, file: existsSync(path.join(stored, id)), uncertified: !certified, lines: logged !== 1 };
			const names = Object.entries(wrong).flatMap(([name, is]) => (is ? [name] : []));
			return names.length > 0 ? [`${id}, which is past its time: ${names.join(', ')}`] : [];
		});
	return {
		...commanded(serving.environment, ['sweep'], 'the sweep of a day', () => left().length === 0),
		async after() {
			const again = await serving.command('sweep');
			if (again.code !== 0) return [`the sweep does not come to its end: ${again.err}${again.out}`];
			const keys = (await keyring.list()).days.filter((one) => one === calls[0]?.day);
			return [...left(), ...keys.map((one) => `the key of ${one} is still there`)];
		}
	};
}

/** The register is copied. */
async function backUp({ serving, place, lines }: Stage): Promise<Work> {
	const [to, keys] = [await mkdtemp(path.join(place, 'copies-')), await mkdtemp(path.join(place, 'keys-'))];
	const begun = () => Number(lines("SELECT count(*) AS n FROM entries WHERE action = 'make_backup'")[0]?.['n']);
	const before = begun();
	return {
		...commanded(serving.environment, ['backup', to, '--keys', keys], 'the backup', () => begun() > before),
		async after() {
			// A copy is named by its second.
			await wait(1000);
			const again = await serving.command('backup', to, '--keys', keys);
			if (again.code !== 0) return [`no backup can be made any more: ${again.err}`];
			const data = path.join(place, 'restored');
			await mkdir(data);
			// Each copy that has its name is whole, also one whose command was killed right after.
			const wrong: string[] = [];
			for (const name of (await readdir(to)).filter((one) => /Z$/.test(one))) {
				const words = ['restore', path.join(to, name), '--keys', path.join(keys, name)];
				const environment = { ...serving.environment, KUUNTELUPISTE_DATA: data };
				const child = launch(words, environment);
				let said = '';
				child.stderr?.on('data', (piece: Buffer) => (said += piece.toString()));
				const [code] = (await once(child, 'close')) as [number];
				if (code !== 0) wrong.push(`the copy ${name} cannot be restored: ${said}`);
				await rm(data, { recursive: true });
				await mkdir(data);
			}
			for (const folder of [data, to, keys]) await rm(folder, { recursive: true });
			return wrong;
		}
	};
}

/** A command that does one deed, and what its success claims. */
function commanded(
	environment: Record<string, string>,
	words: string[],
	what: string,
	holds: () => boolean
): Pick<Work, 'run' | 'command'> {
	let child: ChildProcess | undefined;
	return {
		command: () => child,
		async run(claim) {
			child = launch(words, environment);
			child.stdout?.resume();
			child.stderr?.resume();
			const [code] = (await once(child, 'close')) as [number | null];
			if (code === 0) claim(what, holds);
		}
	};
}

function inDays(days: number): Date {
	return new Date(Date.now() + days * day);
}
