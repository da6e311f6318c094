import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { withRegister } from '#commands/beside.ts';
import { fill } from '#pocketbase/filling.ts';
import { sweep } from '#retention/sweep.ts';
import type { Step } from '#retention/steps.ts';
import { helsinkiDay } from '#sealing/day.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { seal } from '#sealing/seal.ts';
import { foundForOne } from '../support/one-agent.ts';
import { addAlike, peaks, sealedName } from './growth/rows.ts';
import { tell } from './whole/figure.ts';

// Destroying recordings whose time is over, with all their proofs, beside a bare SQLite that deletes as many rows, each
// in a commit of its own, and unlinks as many files. `npm run bench -- sweep [recordings]`

const [count = 10_000] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const data = path.join(folder, 'data');
const { agent: employee, settings, keyring, stop } = await foundForOne(data, await newMasterKey());
await stop();

const answered = new Date(Date.now() - 200 * 24 * 3600_000);
const day = helsinkiDay(answered);
const sound = randomBytes(200_000);
const sealed = await seal(sound, await keyring.recipientFor(day));
const alike = { employee, answered, day, bytes: sound.length };
await fill(data, 'recordings', async ({ database, write }) => {
	addAlike(database, count, alike, (id) => write(id, sealedName, sealed));
});

const bareMs = bare();
const reachedMs = new Map<Step, number>();
const swept = await withRegister(settings, async (register) => {
	const began = performance.now();
	const reached = (step: Step): void => void reachedMs.set(step, performance.now() - began);
	const { recordings, keys } = await sweep(register, { driftMs: 0, silenceMs: 0, agreed: count, reached });
	return { recordings, keys, ms: performance.now() - began };
});
if (swept.recordings !== count) throw new Error(`${swept.recordings} of ${count} were destroyed`);
tell({
	what: `destroying ${count} recordings with all proofs, beside a bare delete and unlink`,
	figure: swept.ms / bareMs
});
const seconds = (ms = NaN): number => Math.round(ms / 100) / 10;
console.table([
	{
		recordings: count,
		'sweep, s': seconds(swept.ms),
		'a second': Math.round((count * 1000) / swept.ms),
		'bare delete + unlink, s': seconds(bareMs),
		ratio: Math.round((swept.ms / bareMs) * 10) / 10
	}
]);
console.log('\nWhen the last of each step was done, in seconds from the beginning');
console.table(Object.fromEntries([...reachedMs].map(([step, ms]) => [step, seconds(ms)])));

function bare(): number {
	const place = path.join(folder, 'bare');
	mkdirSync(place);
	const database = new DatabaseSync(path.join(place, 'bare.db'));
	database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
	database.exec('CREATE TABLE recordings (id TEXT PRIMARY KEY, row TEXT, peaks TEXT)');
	const add = database.prepare('INSERT INTO recordings VALUES (?, ?, ?)');
	database.exec('BEGIN');
	for (let made = 0; made < count; made++) {
		add.run(String(made), 'x'.repeat(700), peaks);
		mkdirSync(path.join(place, String(made)));
		writeFileSync(path.join(place, String(made), 'sealed.age'), sealed);
	}
	database.exec('COMMIT');
	const remove = database.prepare('DELETE FROM recordings WHERE id = ?');
	const began = performance.now();
	for (let gone = 0; gone < count; gone++) {
		remove.run(String(gone));
		unlinkSync(path.join(place, String(gone), 'sealed.age'));
		rmdirSync(path.join(place, String(gone)));
	}
	const ms = performance.now() - began;
	database.close();
	return ms;
}
