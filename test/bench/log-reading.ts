import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileOf, makeFile, openForWriting } from '#access-log/database.ts';
import { canonical, hashOf, nothing } from '#access-log/canonical.ts';
import { filters, read, type Question, type Where } from '#access-log/reading.ts';
import { median, tell } from './whole/figure.ts';

// A page of the log, first and deep and last and under each kind of condition, beside a bare look-up of as many rows by
// key. `npm run bench -- log-reading [entries]`; ten million take about 9 GB of the temporary folder and some minutes.

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
const one: Where = {
	action: 'view_recording',
	actor: id('k', 7),
	role: 'customer',
	outcome: 'refused',
	recording: id('r', 77),
	request: id('q', 77),
	appointment: id('t', 77),
	visit: id('v', 77),
	kiosk: id('k', 7),
	office: id('o', 7),
	person: id('p', 7)
};
const questions: [name: string, question: Question][] = [
	['first page', { limit }],
	['page in the middle', { limit, before: middle }],
	['last page', { limit, before: limit + 1 }],
	...filters.flatMap((name): typeof questions => [
		[`by ${name}`, { limit, where: { [name]: one[name] } }],
		[`by ${name}, from the middle`, { limit, before: middle, where: { [name]: one[name] } }]
	]),
	['one kiosk and a rare action', { limit, where: { kiosk: one.kiosk, action: 'revoke_kiosk' } }],
	['one kiosk, refused, by role', { limit, where: { kiosk: one.kiosk, outcome: 'refused', role: 'customer' } }],
	['two of many that never meet', { limit, where: { actor: one.actor, kiosk: id('k', 8) } }],
	['an hour half way', { limit, where: { from: at(middle), to: at(middle + 1200) } }],
	['one kiosk on a day', { limit, where: { kiosk: one.kiosk, from: at(middle), to: at(middle + 28_800) } }],
	['refused on a day', { limit, where: { outcome: 'refused', from: at(middle), to: at(middle + 28_800) } }],
	['a rare action on a day', { limit, where: { action: 'sweep', from: at(middle), to: at(middle + 28_800) } }],
	['one recording, at another time', { limit, where: { recording: one.recording, from: at(middle), to: at(size) } }]
];
const measured = questions.map(([name, question]) => {
	const entries = read(folder, question).length;
	const ours = timed(() => read(folder, question));
	const bare = timed(() => bareRows(middle, entries));
	return { name, entries, ours, bare, things: Object.keys(question.where ?? {}).length };
});
console.table(
	measured.map(({ name, entries, ours, bare }) => ({
		page: name,
		entries,
		'ours, ms': ours.toFixed(2),
		'bare, ms': bare.toFixed(2),
		ratio: (ours / bare).toFixed(2)
	}))
);
for (const [kind, wanted] of Object.entries({ 'by nothing': [0], 'by one thing': [1], 'by several': [2, 3] })) {
	const some = measured.filter(({ things }) => wanted.includes(things));
	const figure = Math.max(...some.map(({ ours, bare }) => ours / bare));
	tell({ what: `the slowest page ${kind} of ${size} entries, beside a bare look-up by key`, figure });
}

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
	// Without the indexes, which are made at the end: so it takes a fraction of the time.
	const made = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").all();
	for (const { name } of made) database.exec(`DROP INDEX ${String(name)}`);
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
			...(sequence % 1000 === 0 ? { person: id('p', visit % 9) } : {}),
			sequence,
			at: at(sequence),
			previous,
			v: 1
		});
		previous = hashOf(text);
		insert.run(sequence, text, previous);
		if (sequence % 100_000 === 0) database.exec('COMMIT; BEGIN');
	}
	database.exec('COMMIT');
	database.close();
	openForWriting(folder).close();
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
