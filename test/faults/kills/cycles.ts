import { readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { verify } from '#access-log/verify.ts';
import { countOpen } from '../../core/recordings/killed.ts';
import { deeds } from './deeds.ts';
import { setStage, type Stage } from './stage.ts';
import { kill, type Victim } from './victims.ts';

/** What came of killing in the middle of one deed. */
export interface Tally {
	deed: string;
	cycles: number;
	/** In how many the deed was still going on at the kill. */
	caught: number;
	/** What was said to be done. */
	acknowledged: number;
	/** What of it is not so. */
	lost: number;
	/** Everything else that is not as it must be. */
	wrong: number;
}

export interface Killed {
	tallies: Tally[];
	/** What was lost or wrong, in words. */
	faults: string[];
}

/**
 * Kills the server, PocketBase, both, or the command beside them in the middle of each deed in turn, and looks each time
 * at what is on the disk when they run again.
 */
export async function killCycles(
	cycles: number,
	{ random, only, onCycle }: { random: (below: number) => number; only?: string; onCycle?: (cycle: number) => void }
): Promise<Killed> {
	const stage = await setStage();
	const names = Object.keys(deeds).filter((name) => !only || name === only);
	const tallies = names.map((deed) => ({ deed, cycles: 0, caught: 0, acknowledged: 0, lost: 0, wrong: 0 }));
	const faults: string[] = [];
	const claims = new Map<string, () => boolean>();
	try {
		for (let cycle = 0; cycle < cycles; cycle++) {
			const tally = tallies[cycle % tallies.length];
			const deed = deeds[tally?.deed ?? ''];
			if (!tally || !deed) throw new Error('there is no such deed');
			const turn = Math.floor(cycle / tallies.length) + cycle;
			const victim = deed.victims[turn % deed.victims.length] ?? 'application';
			const told = (what: string): void => void faults.push(`cycle ${cycle}, ${tally.deed}, ${victim}: ${what}`);

			await stage.signIn();
			const work = await deed.prepare(stage, cycle);
			const over = new AbortController();
			const made = new Map<string, () => boolean>();
			let isOver = false;
			const run = work.run((what, holds) => void made.set(what, holds), over.signal).finally(() => (isOver = true));
			await Promise.race([run, wait(random(deed.withinMs))]);
			tally.cycles++;
			if (!isOver) tally.caught++;
			kill(victim, stage.serving.pid, work.command?.());
			over.abort();
			await stillThere(stage, victim);
			await run;

			tally.acknowledged += made.size;
			const after = (await work.after?.()) ?? [];
			for (const [what, holds] of made) {
				claims.set(what, holds);
				if (holds()) continue;
				tally.lost++;
				told(`lost: ${what}`);
			}
			for (const what of [...after, ...(await amiss(stage))]) {
				tally.wrong++;
				told(what);
			}
			onCycle?.(cycle + 1);
		}
		for (const what of await atTheEnd(stage)) faults.push(`at the end: ${what}`);
	} finally {
		await stage.remove();
	}
	return { tallies, faults };
}

/** Starts what was killed, as the machine would, and waits until the server can work. */
async function stillThere({ serving }: Stage, victim: Victim): Promise<void> {
	if (victim === 'application' || victim === 'both') {
		await serving.stop('SIGKILL');
		// A command that lost its server may have the log for a moment; whoever keeps the server up tries again.
		for (let tries = 0; ; tries++) {
			const fault = await serving.again().then(
				() => undefined,
				(cause: unknown) => String(cause)
			);
			if (!fault) break;
			if (tries >= 5 || !fault.includes('Another process writes the access log'))
				throw new Error(fault, { cause: fault });
			await wait(1000);
		}
	}
	for (let tries = 0; ; tries++) {
		const answer = await fetch(`${serving.origin}/readyz`).catch(() => undefined);
		await answer?.arrayBuffer();
		if (answer?.ok) return;
		if (tries > 200) throw new Error(`the server did not recover from the end of ${victim}`);
		await wait(100);
	}
}

/** What may never be, whatever was killed. */
async function amiss({ serving, rows }: Stage): Promise<string[]> {
	const wrong: string[] = [];
	const verdict = await verify(path.join(serving.data, 'access-log'));
	if (!verdict.intact) wrong.push(`the log is broken at entry ${verdict.sequence}: ${verdict.fault}`);
	const [integrity] = rows('PRAGMA integrity_check');
	if (integrity?.['integrity_check'] !== 'ok') wrong.push('the database is not whole');
	const double = rows(
		`SELECT a.id FROM appointments a JOIN appointments b ON a.kiosk = b.kiosk AND a.id < b.id
			AND a.starts < b.ends AND b.starts < a.ends WHERE a.state = 'booked' AND b.state = 'booked'`
	);
	for (const { id } of double) wrong.push(`the hour ${String(id)} is booked twice`);
	const two = rows("SELECT request FROM appointments WHERE state = 'booked' GROUP BY request HAVING count(*) > 1");
	for (const { request } of two) wrong.push(`the request ${String(request)} has two hours`);
	return wrong;
}

/** What must be so when everything is at rest: every recording has its sound and opens, and no sound is of no recording. */
async function atTheEnd({ serving, keyring, rows, lines, superuser }: Stage): Promise<string[]> {
	const wrong: string[] = [];
	await serving.stop();
	await serving.again();
	const [collection] = rows("SELECT id FROM _collections WHERE name = 'recordings'");
	const stored = path.join(serving.data, 'pocketbase', 'storage', String(collection?.['id']));
	// What came last may be an intake under way: an hour later it is none.
	const before = new Date(Date.now() - 2 * 3600_000);
	for (const name of await readdir(stored)) await utimes(path.join(stored, name), before, before);
	const { code, out, err } = await serving.command('reconcile', '--remove');
	if (code !== 0) wrong.push(`reconcile: ${out}${err}`);
	const ids = new Set(rows('SELECT id FROM recordings').map(({ id }) => String(id)));
	const folders = (await readdir(stored)).filter((name) => /^[a-z0-9]{15}$/.test(name));
	for (const id of folders.filter((name) => !ids.has(name))) wrong.push(`${id}: a sound without a recording`);
	for (const id of [...ids].filter((id) => !folders.includes(id))) wrong.push(`${id}: a recording without its sound`);
	const { rows: all, open } = await countOpen(await superuser(), keyring);
	if (open < all) wrong.push(`${open} of ${all} recordings open`);
	const unended = lines(
		`SELECT visit, recording, sum(action = 'listen_begin') AS begun, sum(action = 'listen_end') AS ended
			FROM entries WHERE action IN ('listen_begin', 'listen_end') GROUP BY 1, 2 HAVING begun != ended`
	);
	for (const { visit } of unended) wrong.push(`a listening of the visit ${String(visit)} has no end`);
	return wrong;
}
