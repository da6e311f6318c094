import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openAccessLog } from '#access-log/log.ts';
import { fill } from '#pocketbase/filling.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { seal } from '#sealing/seal.ts';
import { foundForOne } from '../support/one-agent.ts';
import { addAlike, sealedName } from './growth/rows.ts';
import { someEntry } from './growth/entry.ts';
import { tell } from './whole/figure.ts';

// What a call, its row and an entry of the access log take on the disk, measured on files that were made for it; and
// what a register of some sizes takes by that. `npm run bench -- sizes`

const seconds = 300;
const rows = 20_000;
const entriesMany = 100_000;
/** What goes into the log for a recording: it is taken in, listed, sometimes heard, destroyed (an assumption). */
const entriesPerRecording = 4;
const registers = [50_000, 250_000, 500_000, 1_500_000];
const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const data = path.join(folder, 'data');
const { agent: employee, keyring, stop } = await foundForOne(data, await newMasterKey());
await stop();

const recipient = await keyring.recipientFor('2026-01-01');
const speech = new URL('../../src/demo/calls/fi-reklamaatio.webm', import.meta.url).pathname;
const sealedSize = async (name: string, words: string[]): Promise<number> => {
	const file = path.join(folder, name);
	const loop = ['-stream_loop', '-1', '-i', speech, '-t', String(seconds)];
	execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...loop, ...words, file]);
	const sealed = `${file}.age`;
	writeFileSync(sealed, await seal(readFileSync(file), recipient));
	return onDisk(sealed);
};
const alaw = await sealedSize('call.wav', ['-ar', '8000', '-c:a', 'pcm_alaw']);
const opus = await sealedSize('call.ogg', ['-c:a', 'libopus', '-b:a', '48k', '-application', 'voip']);

const before = onDisk(path.join(data, 'pocketbase', 'data.db'));
await fill(data, 'recordings', async ({ database }) => {
	const alike = { employee, answered: new Date(), day: '2026-01-01', bytes: 0 };
	addAlike(database, rows, alike, () => undefined);
});
const row = (onDisk(path.join(data, 'pocketbase', 'data.db')) - before) / rows;

const log = await openAccessLog(path.join(data, 'access-log'), { now: () => new Date() });
for (let made = 0; made < entriesMany; made += 5000) {
	await log.append(Array.from({ length: 5000 }, (_, more) => someEntry(made + more)));
}
await log.close();
const logFile = path.join(data, 'access-log', 'log.db');
const database = new DatabaseSync(logFile);
database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
database.close();
const entry = onDisk(logFile) / entriesMany;

console.table({
	'a call of five minutes, A-law, two channels, sealed': { bytes: alaw },
	'the same as Opus of 48 kbit/s, sealed': { bytes: opus },
	'its row, with peaks and indexes': { bytes: Math.round(row) },
	'an entry of the access log, with indexes': { bytes: Math.round(entry) }
});
tell(
	{ what: `a sealed call of five minutes, A-law (${sealedName.split('.')[1]})`, figure: alaw / 1e6, unit: 'MB' },
	{ what: 'a sealed call of five minutes, Opus', figure: opus / 1e6, unit: 'MB' },
	{ what: 'the row of a recording', figure: row / 1000, unit: 'kB' },
	{ what: 'an entry of the access log', figure: entry / 1000, unit: 'kB' }
);
const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0);
console.log(`\nGigabytes for so many recordings at a time, each of five minutes, ${entriesPerRecording} entries each`);
console.table(
	Object.fromEntries(
		registers.map((count) => [
			count,
			{
				'sealed, A-law': gigabytes(count * alaw),
				'sealed, Opus': gigabytes(count * opus),
				database: gigabytes(count * row),
				'access log in half a year': gigabytes(count * entriesPerRecording * entry)
			}
		])
	)
);

function onDisk(file: string): number {
	return statSync(file).blocks * 512;
}
