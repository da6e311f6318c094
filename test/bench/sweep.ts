import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { withRegister } from '#commands/beside.ts';
import { newId, written } from '#pocketbase/collection.ts';
import { fill } from '#pocketbase/filling.ts';
import { destroyAfter } from '#recordings/term.ts';
import { sweep } from '#retention/sweep.ts';
import type { Step } from '#retention/steps.ts';
import { helsinkiDay } from '#sealing/day.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { seal } from '#sealing/seal.ts';
import { foundForOne } from '../support/one-agent.ts';
import { tell } from './whole/figure.ts';

// Destroying recordings whose time is over, with all their proofs, beside a bare SQLite that deletes as many rows, each
// in a commit of its own, and unlinks as many files. `npm run bench -- sweep [recordings]`

const [count = 10_000] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const data = path.join(folder, 'data');
const { settings, keyring, superuser, stop } = await foundForOne(data, await newMasterKey());
const { id: employee } = await superuser.collection('staff').getFirstListItem("sign_in_name = 'aino'");
await stop();

const answered = new Date(Date.now() - 200 * 24 * 3600_000);
const day = helsinkiDay(answered);
const sound = randomBytes(200_000);
const row = {
	answered: written(answered),
	disconnected: written(new Date(answered.getTime() + 60_000)),
	duration_ms: 60_000,
	length_class: 1,
	direction: 'received',
	line: 'customer_service',
	service_number: '+358740010100',
	customer_number_masked: '+358491730***',
	employee,
	employee_name: 'Aino Malli',
	audio: 'sealed_0123456789.age',
	audio_type: 'audio/ogg',
	audio_bytes: sound.length,
	audio_sha256: '0'.repeat(64),
	key_day: day,
	peaks: JSON.stringify([Array(800).fill(50), Array(800).fill(50)]),
	channels: 2,
	destroy_after: written(destroyAfter(new Date(answered.getTime() + 60_000)))
};
const sealed = await seal(sound, await keyring.recipientFor(day));
await fill(data, 'recordings', async ({ database, write }) => {
	const names = [...Object.keys(row), 'id', 'source_key'];
	const add = database.prepare(`INSERT INTO recordings (${names.join(', ')}) VALUES (:${names.join(', :')})`);
	database.exec('BEGIN');
	for (let made = 0; made < count; made++) {
		const id = newId();
		add.run({ ...row, id, source_key: randomBytes(32).toString('hex') });
		write(id, row.audio, sealed);
	}
	database.exec('COMMIT');
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
		add.run(String(made), JSON.stringify({ ...row, peaks: '' }), row.peaks);
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
