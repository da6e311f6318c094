import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newMasterKey } from '#sealing/keyring.ts';
import { intake } from '#recordings/intake.ts';
import { hear } from '#recordings/heard.ts';
import type { Ground } from '#recordings/new-recording.ts';
import { openOriginals } from '#recordings/originals.ts';
import { loudness, loudnessOf } from '#recordings/peaks.ts';
import { probe } from '#recordings/probe.ts';
import { plainWave } from '#recordings/wave.ts';
import { seal } from '#sealing/seal.ts';
import { several } from '#several.ts';
import { people } from '#staff/person.ts';
import { foundForOne } from '../support/one-agent.ts';
import { rounded, tell } from './whole/figure.ts';

// Taking in calls of five minutes, beside cp and a bare SQLite insert of the same: A-law, which goes in as it is, Opus,
// which does too but must be decoded for its peaks, and ADPCM, which becomes Opus. What must be decoded cannot go in
// faster than ffmpeg alone decodes (or converts) it on all cores: that floor is measured beside it. Then the pieces of
// the work, one after the other on one core. `npm run bench -- import [calls of each]`

const [calls = 40] = process.argv.slice(2).map(Number);
const seconds = 300;
const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const speech = new URL('../../src/demo/calls/fi-reklamaatio.webm', import.meta.url).pathname;
interface Kind {
	ending: string;
	words: string[];
	/** What ffmpeg has to do with it at the least; nothing with what is read without it. */
	least?: string[];
}
const kinds: Record<string, Kind> = {
	'A-law': { ending: 'wav', words: ['-ar', '8000', '-c:a', 'pcm_alaw'] },
	'ready Opus': { ending: 'ogg', words: ['-c:a', 'libopus', '-b:a', '48k', '-application', 'voip'], least: [] },
	'ADPCM to Opus': {
		ending: 'wav',
		words: ['-ar', '8000', '-c:a', 'adpcm_ms'],
		least: ['-c:a', 'libopus', '-b:a', '48k', '-application', 'voip', '-compression_level', '5']
	}
};
const house = await foundForOne(path.join(folder, 'data'), await newMasterKey());
const ground: Ground = {
	client: house.client,
	keyring: house.keyring,
	now: () => new Date(),
	employeeOf: (name) => people(house.client).first({ filter: 'sign_in_name = {:name}', params: { name } })
};
try {
	const rates: Record<string, Record<string, number | string>> = {};
	const shares: Record<string, Record<string, string>> = {};
	for (const [index, [kind, { ending, words, least }]] of Object.entries(kinds).entries()) {
		const place = path.join(folder, `export-${index}`);
		lay(place, ending, words, index);
		const bareMs = bare(place, ending);
		const floorMs = least ? await floor(place, ending, least) : undefined;
		const [cpu, theirs, began] = [cpuSeconds(), cpuSecondsOfChildren(), performance.now()];
		const { imported, rejected } = await intake(ground, place);
		const ms = performance.now() - began;
		if (imported !== calls) throw new Error(`${imported} of ${calls} went in: ${rejected[0]?.reason}`);
		rates[kind] = {
			calls,
			'calls/s': rounded((calls * 1000) / ms),
			'× realtime': rounded((calls * seconds * 1000) / ms),
			'CPU s a call': rounded((cpuSeconds() - cpu) / calls),
			'and of PocketBase': rounded((cpuSecondsOfChildren() - theirs) / calls),
			'cp + insert, calls/s': rounded((calls * 1000) / bareMs),
			'slower than that': rounded(ms / bareMs),
			'ffmpeg alone, calls/s': floorMs ? rounded((calls * 1000) / floorMs) : '–',
			'slower than ffmpeg': floorMs ? rounded(ms / floorMs) : '–'
		};
		const what = `taking in calls of five minutes, ${kind}`;
		tell({ what: `${what}, beside cp and a bare insert`, figure: ms / bareMs });
		tell({ what: `${what}, beside their length`, figure: (calls * seconds * 1000) / ms, least: 200 });
		if (floorMs) tell({ what: `${what}, beside ffmpeg alone`, figure: ms / floorMs });
		shares[kind] = await pieces(place, ending);
	}
	console.table(rates);
	console.log('\nThe pieces, ms a call (CPU ms), on one core; storing is the rest of a call that goes in alone');
	console.table(shares);
} finally {
	await house.stop();
}

/** An export of calls that sound alike and differ in a tag or a byte. */
function lay(place: string, ending: string, words: string[], index: number): void {
	mkdirSync(place);
	const first = path.join(place, `first.${ending}`);
	ffmpeg(['-stream_loop', '1', '-i', speech, '-t', String(seconds), ...words, first]);
	const rows = ['answered,disconnected,direction,line,service_number,customer_number,employee,audio'];
	for (let call = 0; call < 2 * calls; call++) {
		const file = path.join(place, `${call}.${ending}`);
		if (ending === 'ogg') ffmpeg(['-i', first, '-c', 'copy', '-metadata', `comment=call ${call}`, file]);
		else {
			const bytes = readFileSync(first);
			bytes.writeUInt16LE(call, bytes.length - 200);
			writeFileSync(file, bytes);
		}
		// The second half is for the pieces.
		if (call >= calls) continue;
		const answered = new Date(Date.now() - (20 + index) * 24 * 3600_000 + call * 60_000);
		const disconnected = new Date(answered.getTime() + seconds * 1000);
		const numbers = '+358740010100,+358491730561';
		rows.push(
			`${answered.toISOString()},${disconnected.toISOString()},received,customer_service,${numbers},aino,${call}.${ending}`
		);
	}
	writeFileSync(path.join(place, 'calls.csv'), rows.join('\n'));
}

/** cp of the same files and an insert of the same row, in ms. */
function bare(place: string, ending: string): number {
	const to = path.join(place, 'copies');
	mkdirSync(to);
	const database = new DatabaseSync(path.join(to, 'bare.db'));
	database.exec('PRAGMA journal_mode = WAL; CREATE TABLE recordings (id TEXT PRIMARY KEY, row TEXT, peaks TEXT)');
	const insert = database.prepare('INSERT INTO recordings VALUES (?, ?, ?)');
	const peaks = JSON.stringify([Array(800).fill(50), Array(800).fill(50)]);
	const began = performance.now();
	for (let call = 0; call < calls; call++) {
		copyFileSync(path.join(place, `${call}.${ending}`), path.join(to, `${call}.${ending}`));
		insert.run(String(call), 'x'.repeat(400), peaks);
	}
	const ms = performance.now() - began;
	database.close();
	rmSync(to, { recursive: true });
	return ms;
}

/** ffmpeg alone, which throws away what it decodes or converts, on as many files at a time as there are cores; in ms. */
async function floor(place: string, ending: string, words: string[]): Promise<number> {
	const began = performance.now();
	await several(Array.from({ length: calls }).keys().toArray(), os.availableParallelism(), async (call) => {
		const given = ['-v', 'error', '-nostdin', '-i', path.join(place, `${call}.${ending}`)];
		await once(spawn('ffmpeg', [...given, ...words, '-f', 'null', '-'], { stdio: 'ignore' }), 'close');
	});
	return performance.now() - began;
}

async function pieces(place: string, ending: string): Promise<Record<string, string>> {
	const spent = new Map<string, { ms: number; cpu: number }>();
	const some = Math.min(calls, 10);
	const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
		const [cpu, began] = [cpuSeconds(), performance.now()];
		const result = await work();
		const before = spent.get(name) ?? { ms: 0, cpu: 0 };
		spent.set(name, { ms: before.ms + performance.now() - began, cpu: before.cpu + cpuSeconds() - cpu });
		return result;
	};
	for (let call = calls; call < calls + some; call++) {
		const originals = await timed('reading', () => openOriginals(place, [`${call}.${ending}`]));
		const [file] = originals.files;
		if (!file) throw new Error('no file');
		const wave = plainWave(file.bytes);
		if (wave) await timed('peaks', async () => loudnessOf(wave));
		else {
			const { channels } = await timed('ffprobe', () => probe(file.handle));
			await timed('peaks', () => loudness(file.handle, channels));
		}
		const heard = await timed('all hearing', () => hear(originals));
		const recipient = await house.keyring.recipientFor('2026-01-01');
		await timed('sealing', () => seal(heard.plain, recipient));
		await originals.close();
	}
	const heading = readFileSync(path.join(place, 'calls.csv'), 'utf8').split('\n');
	const more = heading.slice(1, 1 + some).map((row, index) => row.replace(/[^,]+$/, `${calls + index}.${ending}`));
	writeFileSync(path.join(place, 'calls.csv'), [heading[0], ...more].join('\n'));
	const of = (name: string): { ms: number; cpu: number } => spent.get(name) ?? { ms: 0, cpu: 0 };
	const [ffprobe, peaks, hearing] = [of('ffprobe'), of('peaks'), of('all hearing')];
	spent.set('converting', { ms: hearing.ms - ffprobe.ms - peaks.ms, cpu: hearing.cpu - ffprobe.cpu - peaks.cpu });
	await timed('storing', () => intake({ ...ground }, place));
	const whole = of('storing');
	for (const name of ['reading', 'all hearing', 'sealing']) {
		whole.ms -= of(name).ms / 2;
		whole.cpu -= of(name).cpu;
	}
	spent.delete('all hearing');
	return Object.fromEntries(
		[...spent].map(([name, { ms, cpu }]) => [name, `${Math.round(ms / some)} (${Math.round((cpu * 1000) / some)})`])
	);
}

/** What this process and the programs that it has waited for have used; PocketBase is not in it. */
function cpuSeconds(): number {
	return ticksOf('self', 11, 15) / 100;
}

function ticksOf(process: string, from: number, to: number): number {
	const fields = readFileSync(`/proc/${process}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
	return fields.slice(from, to).reduce((sum, one) => sum + Number(one), 0);
}

/** The same of the programs that run now: PocketBase. */
function cpuSecondsOfChildren(): number {
	const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();
	return children.split(' ').reduce((sum, pid) => sum + ticksOf(pid, 11, 13) / 100, 0);
}

function ffmpeg(words: string[]): void {
	execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...words]);
}
