import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createSigningKey } from '#access-log/keys.ts';
import { openAccessLog, type AccessLog } from '#access-log/log.ts';
import { verify } from '#access-log/verify.ts';
import { someEntry } from './growth/entry.ts';
import { median, tell } from './whole/figure.ts';

// The access log beside bare SQLite, which commits the same bytes as durably, and beside a bare loop of SHA-256.

const [asked, where] = process.argv.slice(2);
if (asked === 'verify-once' && where) {
	const began = performance.now();
	const verdict = await verify(where);
	const ms = performance.now() - began;
	console.log(JSON.stringify({ ms, verdict, peak: process.resourceUsage().maxRSS / 1024 }));
	process.exit();
}

const size = Number(asked ?? 1_000_000);
const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

await appends();
await verification();

async function appends(): Promise<void> {
	const text = JSON.stringify({
		...someEntry(1),
		at: new Date().toISOString(),
		previous: '0'.repeat(64),
		sequence: 1,
		v: 1
	});
	const rows: Record<string, unknown>[] = [];
	for (const clients of [1, 32]) {
		const [ours, bare]: number[][] = [[], []];
		for (let round = 0; round < 5; round++) {
			bare?.push(bareCommits(text));
			const log = await newLog(path.join(folder, `appends-${clients}-${round}`));
			ours?.push(await ourAppends(log, clients));
			await log.close();
		}
		const [a, b] = [median(ours ?? []), median(bare ?? [])];
		tell({ what: `appends of ${clients} at once a second, beside bare commits as durable`, figure: a / b });
		rows.push({ clients, 'ours, appends/s': whole(a), 'bare FULL commits/s': whole(b), ratio: (a / b).toFixed(2) });
	}
	console.table(rows);
}

async function ourAppends(log: AccessLog, clients: number): Promise<number> {
	let written = 0;
	const until = performance.now() + 1500;
	const client = async (): Promise<void> => {
		while (performance.now() < until) await log.append(someEntry(written++));
	};
	await Promise.all(Array.from({ length: clients }, client));
	return written / 1.5;
}

function bareCommits(text: string): number {
	const file = path.join(folder, `bare-${performance.now()}.db`);
	const database = new DatabaseSync(file);
	database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;');
	database.exec(
		'CREATE TABLE entries (sequence INTEGER PRIMARY KEY, canonical TEXT NOT NULL, hash TEXT NOT NULL) STRICT'
	);
	const insert = database.prepare('INSERT INTO entries (canonical, hash) VALUES (?, ?)');
	let written = 0;
	const until = performance.now() + 1500;
	for (; performance.now() < until; written++) insert.run(text, '0'.repeat(64));
	database.close();
	return written / 1.5;
}

async function verification(): Promise<void> {
	const directory = path.join(folder, 'verify');
	const log = await newLog(directory);
	for (let from = 0; from < size; from += 1000) {
		await log.append(Array.from({ length: Math.min(1000, size - from) }, (_, more) => someEntry(from + more)));
	}
	await log.close();
	const database = new DatabaseSync(path.join(directory, 'log.db'), { readOnly: true });
	const texts = database
		.prepare('SELECT canonical FROM entries ORDER BY sequence')
		.all()
		.map((row) => String(row['canonical']));
	database.close();
	const [ours, bare, peaks]: number[][] = [[], [], []];
	for (let round = 0; round < 5; round++) {
		const began = performance.now();
		for (const text of texts) hash('sha256', text, 'hex');
		bare?.push(performance.now() - began);
		const said = execFileSync(process.execPath, [import.meta.filename, 'verify-once', directory], { encoding: 'utf8' });
		const { ms, verdict, peak } = JSON.parse(said);
		if (!verdict.intact || verdict.entries !== size) throw new Error(said);
		ours?.push(ms);
		peaks?.push(peak);
	}
	const [a, b] = [median(ours ?? []), median(bare ?? [])];
	tell({ what: `verifying ${size} entries, beside a bare loop of SHA-256`, figure: a / b });
	console.table([
		{
			entries: size,
			'verified, ms': whole(a),
			'bare SHA-256, ms': whole(b),
			ratio: (a / b).toFixed(2),
			'peak memory, MB': whole(Math.max(...(peaks ?? [])))
		}
	]);
}

async function newLog(directory: string): Promise<AccessLog> {
	if (!existsSync(directory)) await createSigningKey(directory);
	return openAccessLog(directory, { now: () => new Date() });
}

function whole(number: number): number {
	return Math.round(number);
}
