import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';

/** A log that a forger may do anything to, and put back as it was. */
export interface Victim {
	folder: string;
	/** How many entries it has; a checkpoint in the folder and one outside cover them all. */
	size: number;
	database: DatabaseSync;
}

/** Whole numbers from 0 to below `below`, the same in each run for the same seed (xorshift32). */
export function randomFrom(seed: number): (below: number) => number {
	let state = seed | 0 || 1;
	return (below) => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) % below;
	};
}

/** Opens a closed log for forging: its table is made anew without the columns that SQLite itself derives and guards. */
export function victimOf(folder: string): Victim {
	const database = new DatabaseSync(path.join(folder, 'log.db'));
	database.exec(`
		PRAGMA journal_mode = DELETE;
		PRAGMA synchronous = OFF;
		CREATE TABLE plain (sequence INTEGER PRIMARY KEY, canonical, hash);
		INSERT INTO plain SELECT sequence, canonical, hash FROM entries;
		DROP TABLE entries;
		ALTER TABLE plain RENAME TO entries;
		CREATE TABLE pristine AS SELECT * FROM entries;
		CREATE UNIQUE INDEX pristine_sequence ON pristine (sequence);
	`);
	copyFileSync(path.join(folder, 'checkpoints.txt'), path.join(folder, 'checkpoints.whole'));
	const [count] = Object.values(database.prepare('SELECT count(*) FROM entries').get() ?? {});
	return { folder, size: Number(count), database };
}

/** Puts everything back from this entry on. */
export function restore({ folder, database }: Victim, from = 1): void {
	database.exec(`
		BEGIN;
		DELETE FROM entries WHERE sequence >= ${from} OR sequence < 1;
		INSERT INTO entries SELECT sequence, canonical, hash FROM pristine WHERE sequence >= ${from};
		COMMIT;
	`);
	copyFileSync(path.join(folder, 'checkpoints.whole'), path.join(folder, 'checkpoints.txt'));
}

type Random = (below: number) => number;
/** One kind of forgery at an entry. Says in words what it did; undefined when it changed nothing. */
type Forgery = (victim: Victim, at: number, random: Random) => string | undefined;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const changed = (text: string, at: number, random: Random): string => {
	const other = String.fromCharCode(33 + ((text.charCodeAt(at) - 33 + 1 + random(92)) % 93));
	return text.slice(0, at) + other + text.slice(at + 1);
};
const rowAt = ({ database }: Victim, sequence: number) => {
	const row = database.prepare('SELECT canonical, hash FROM entries WHERE sequence = ?').get(sequence);
	return { canonical: String(row?.['canonical']), hash: String(row?.['hash']) };
};
const put = ({ database }: Victim, sequence: number, canonical: string, hash: string) =>
	database
		.prepare('INSERT OR REPLACE INTO entries (sequence, canonical, hash) VALUES (?, ?, ?)')
		.run(sequence, canonical, hash);
const shift = ({ database }: Victim, from: number, by: 1 | -1) => {
	database.exec(`UPDATE entries SET sequence = -sequence - ${by} WHERE sequence >= ${from}`);
	database.exec('UPDATE entries SET sequence = -sequence WHERE sequence < 0');
};

/** Makes the chain fit again from an entry on, as one without the key can. */
function rehash(victim: Victim, from: number): void {
	let previous = from === 1 ? '0'.repeat(64) : rowAt(victim, from - 1).hash;
	victim.database.exec('BEGIN');
	for (let at = from; ; at++) {
		const { canonical } = rowAt(victim, at);
		if (canonical === 'undefined') break;
		const text = canonical
			.replace(/"previous":"[^"]*"/, `"previous":"${previous}"`)
			.replace(/"sequence":\d+/, `"sequence":${at}`);
		previous = sha256(text);
		put(victim, at, text, previous);
	}
	victim.database.exec('COMMIT');
}

const actorOf = (canonical: string) => canonical.replace(/"actor":"[^"]*"/, '"actor":"somebodyelse000"');

/** Every kind of forgery without the key. */
export const forgeries: Record<string, Forgery> = {
	'edited a character'(victim, at, random) {
		const { canonical, hash } = rowAt(victim, at);
		put(victim, at, changed(canonical, random(canonical.length), random), hash);
		return `${at}`;
	},
	'edited a hash'(victim, at, random) {
		const { canonical, hash } = rowAt(victim, at);
		put(victim, at, canonical, changed(hash, random(64), random));
		return `${at}`;
	},
	'edited, with its own hash made anew'(victim, at) {
		const text = actorOf(rowAt(victim, at).canonical);
		put(victim, at, text, sha256(text));
		return `${at}`;
	},
	'edited, with the rest of the chain made anew'(victim, at) {
		const text = actorOf(rowAt(victim, at).canonical);
		put(victim, at, text, sha256(text));
		rehash(victim, at);
		return `${at}`;
	},
	deleted(victim, at) {
		victim.database.exec(`DELETE FROM entries WHERE sequence = ${at}`);
		return `${at}`;
	},
	'deleted, with the later ones moved up'(victim, at) {
		victim.database.exec(`DELETE FROM entries WHERE sequence = ${at}`);
		shift(victim, at, -1);
		return `${at}`;
	},
	'deleted, with the rest of the chain made anew'(victim, at) {
		victim.database.exec(`DELETE FROM entries WHERE sequence = ${at}`);
		shift(victim, at, -1);
		rehash(victim, at);
		return `${at}`;
	},
	inserted(victim, at) {
		shift(victim, at, 1);
		const text = actorOf(rowAt(victim, at + 1).canonical);
		put(victim, at, text, sha256(text));
		return `${at}`;
	},
	'inserted, with the rest of the chain made anew'(victim, at) {
		shift(victim, at, 1);
		const text = actorOf(rowAt(victim, at + 1).canonical);
		put(victim, at, text, sha256(text));
		rehash(victim, at);
		return `${at}`;
	},
	repeated(victim, at) {
		const { canonical, hash } = rowAt(victim, at);
		shift(victim, at + 1, 1);
		put(victim, at + 1, canonical, hash);
		return `${at}`;
	},
	swapped(victim, at, random) {
		const other = 1 + random(victim.size);
		if (other === at) return undefined;
		const [one, two] = [rowAt(victim, at), rowAt(victim, other)];
		put(victim, at, two.canonical, two.hash);
		put(victim, other, one.canonical, one.hash);
		return `${at} and ${other}`;
	},
	'given another number'(victim, at, random) {
		const number = [0n, -1n, BigInt(victim.size + 1 + random(1000)), 2n ** 63n - 1n, -(2n ** 63n)][random(5)] ?? 0n;
		victim.database.prepare('UPDATE entries SET sequence = ? WHERE sequence = ?').run(number, at);
		return `${at} to ${number}`;
	},
	truncated(victim, at) {
		victim.database.exec(`DELETE FROM entries WHERE sequence >= ${at}`);
		return `at ${at}`;
	},
	'replaced by an older copy, notes and all'(victim, at) {
		victim.database.exec(`DELETE FROM entries WHERE sequence >= ${at}`);
		rmSync(path.join(victim.folder, 'checkpoints.txt'));
		return `of ${at - 1}`;
	},
	'signed anew with another key'(victim, at) {
		const text = actorOf(rowAt(victim, at).canonical);
		put(victim, at, text, sha256(text));
		rehash(victim, at);
		const other = generateKeyPairSync('ed25519').privateKey;
		const tip = Buffer.from(rowAt(victim, victim.size).hash, 'hex').toString('base64');
		writeNote(victim, `kuuntelupiste/access-log\n${victim.size}\n${tip}\nat 2026-01-01T00:00:00.000Z\n`, other);
		return `${at}`;
	},
	'a note malformed'(victim, _, random) {
		const file = path.join(victim.folder, 'checkpoints.txt');
		const bytes = readFileSync(file);
		const place = random(bytes.length);
		bytes[place] = (bytes[place] ?? 0) ^ (1 << random(7));
		writeFileSync(file, bytes);
		return `at byte ${place}`;
	},
	'a note added that nobody signed'(victim, at) {
		appendFileSync(
			path.join(victim.folder, 'checkpoints.txt'),
			`kuuntelupiste/access-log\n${at}\n${Buffer.from(rowAt(victim, at).hash, 'hex').toString('base64')}\nat 2026-01-01T00:00:00.000Z\n`
		);
		return `over ${at}`;
	}
};

function writeNote(victim: Victim, text: string, key: ReturnType<typeof createPrivateKey>): void {
	const old = readFileSync(path.join(victim.folder, 'checkpoints.txt'), 'utf8');
	const [, name = '', coded = ''] = /— (\S+) (\S+)\n$/.exec(old) ?? [];
	const id = Buffer.from(coded, 'base64').subarray(0, 4);
	const signature = Buffer.concat([id, sign(null, Buffer.from(text), key)]).toString('base64');
	writeFileSync(path.join(victim.folder, 'checkpoints.txt'), `${text}\n— ${name} ${signature}\n`);
}
