import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileOf, makeFile, openForWriting } from '#access-log/database.ts';
import { canonical, hashOf, nothing } from '#access-log/canonical.ts';
import { read, type Question } from '#access-log/reading.ts';
import { median, tell } from './whole/figure.ts';

// A page of the log, first and deep and under each kind of condition, beside a bare look-up of as many rows by key.

const size = Number(process.argv[2] ?? 1_000_000);
const rounds = 30;
const limit = 100;
const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const id = (kind: string, number: number): string => `${kind}${String(number).padStart(14, 'b')}`;
const begin = Date.parse('2026-01-01T00:00:00Z');
const at = (sequence: number): string => new Date(begin + sequence * 3_000).toISOString();

fill();
indexes();
const middle = Math.floor(size / 2);
const questions: [name: string, question: Question][] = [
	['first page', { limit }],
	['deep page', { limit, before: 1000 }],
	['page in the middle', { limit, before: middle }],
	['one recording', { limit, where: { recording: id('r', 77) } }],
	['one kiosk, deep', { limit, before: middle, where: { kiosk: id('k', 7) } }],
	['one kiosk and a rare action', { limit, where: { kiosk: id('k', 7), action: 'revoke_kiosk' } }],
	['an hour half a year ago', { limit, where: { from: at(middle), to: at(middle + 1200) } }],
	['one kiosk on a day', { limit, where: { kiosk: id('k', 7), from: at(middle), to: at(middle + 28_800) } }]
];
console.table(
	questions.map(([name, question]) => {
		const entries = read(folder, question).length;
		const ours = timed(() => read(folder, question));
		const bare = timed(() => bareRows(middle, entries));
		tell({ what: `${name} of ${size} entries, beside a bare look-up by key`, figure: ours / bare });
		return {
			page: name,
			entries,
			'ours, ms': ours.toFixed(2),
			'bare, ms': bare.toFixed(2),
			ratio: (ours / bare).toFixed(2)
		};
	})
);

/** As many rows, by key, by a statement of one's own, in a file that is opened for it as ours is. */
function bareRows(before: number, rows: number): unknown[] {
	const database = new DatabaseSync(fileOf(folder), { readOnly: true });
	const found = database
		.prepare('SELECT canonical FROM entries WHERE sequence < ? ORDER BY sequence DESC LIMIT ?')
		.all(before, rows)
		.map((row) => JSON.parse(String(row['canonical'])));
	database.close();
	return found;
}

function fill(): void {
	const began = performance.now();
	makeFile(fileOf(folder));
	const database = openForWriting(folder);
	database.exec('PRAGMA synchronous = OFF; BEGIN');
	const insert = database.prepare('INSERT INTO entries (sequence, canonical, hash) VALUES (?, ?, ?)');
	let previous = nothing;
	for (let sequence = 1; sequence <= size; sequence++) {
		const visit = Math.floor(sequence / 40);
		const text = canonical({
			action: sequence % 100_000 === 0 ? 'sweep' : sequence % 3 === 0 ? 'view_recording' : 'listen_heartbeat',
			actor: id('k', visit % 40),
			role: 'customer',
			outcome: sequence % 50 === 0 ? 'refused' : 'done',
			...(sequence % 50 === 0 ? { reason: 'wrong_code' } : {}),
			purpose: 'subject_access',
			recording: id('r', visit),
			request: id('q', visit),
			appointment: id('t', visit),
			visit: id('v', visit),
			kiosk: id('k', visit % 40),
			office: id('o', visit % 9),
			sequence,
			at: at(sequence),
			previous,
			v: 1
		});
		previous = hashOf(text);
		insert.run(sequence, text, previous);
	}
	database.exec('COMMIT');
	database.close();
	console.log(`${size} entries, made in ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

/** What the next start of a server costs whose log was begun before there were all of the indexes. */
function indexes(): void {
	const database = new DatabaseSync(fileOf(folder));
	database.exec(['role', 'appointment', 'office', 'person'].map((name) => `DROP INDEX entries_${name};`).join(''));
	database.close();
	const began = performance.now();
	openForWriting(folder).close();
	console.log(`the later indexes of a log without them: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

function timed(work: () => unknown): number {
	const took = Array.from({ length: rounds }, () => {
		const began = performance.now();
		work();
		return performance.now() - began;
	});
	return median(took);
}
