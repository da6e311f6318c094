import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { verify } from '#access-log/verify.ts';
import { deeds } from './kills/deeds.ts';
import { setStage } from './kills/stage.ts';
import { kill } from './kills/victims.ts';

// The most that a power cut can take: PocketBase commits into its write-ahead log without waiting for the disk, and makes
// sure of it only when it copies that log into the database. So both are killed in the middle of bookings, and the
// write-ahead log is removed whole, as if the system had written none of it by itself (it does within half a minute).
// The access log waits for the disk with each entry (`faults -- plays` watches that), so its own stays.
// `npm run faults -- power-cut [seconds]`

const [seconds = 20] = process.argv.slice(2).map(Number);
const stage = await setStage();
try {
	const { serving, rows, lines } = stage;
	await stage.signIn();
	const booking = await deeds['booking']?.prepare(stage, 0);
	if (!booking) throw new Error('there is no such deed');
	// What is there before is safe: a database that is closed is copied whole.
	await serving.stop();
	await serving.again();
	await stage.signIn();
	const acknowledged = new Map<string, () => boolean>();
	const over = new AbortController();
	const began = performance.now();
	const run = booking.run((what, holds) => void acknowledged.set(what, holds), over.signal);
	await wait(seconds * 1000);
	kill('both', serving.pid);
	over.abort();
	const took = (performance.now() - began) / 1000;
	await run;
	await serving.stop('SIGKILL');
	const file = path.join(serving.data, 'pocketbase', 'data.db');
	const [{ last } = { last: 0 }] = lines('SELECT max(sequence) AS last FROM entries');
	const pending = (await stat(`${file}-wal`).catch(() => ({ size: 0 }))).size;
	for (const end of ['-wal', '-shm']) await rm(`${file}${end}`, { force: true });
	await serving.again();

	const lost = [...acknowledged.values()].filter((holds) => !holds()).length;
	const verdict = await verify(path.join(serving.data, 'access-log'));
	const [{ kept } = { kept: 0 }] = lines(`SELECT count(*) AS kept FROM entries WHERE sequence <= ${Number(last)}`);
	const [integrity] = rows('PRAGMA integrity_check');
	const { out, err } = await serving.command('reconcile');
	console.log(
		`${acknowledged.size} hours acknowledged in ${took.toFixed(0)} s; lost with ${(pending / 1e6).toFixed(1)} MB of write-ahead log: ${lost}`
	);
	console.log(`access log: ${Number(kept)} of ${Number(last)} entries kept, ${verdict.intact ? 'intact' : 'broken'}`);
	console.log(`database: ${String(integrity?.['integrity_check'])}; reconcile: ${`${out}${err}`.trim()}`);
	if (!verdict.intact || kept !== last || integrity?.['integrity_check'] !== 'ok') process.exitCode = 1;
} finally {
	await stage.remove();
}
