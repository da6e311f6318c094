import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

// A second verifier, written from src/access-log/FORMAT.md alone: of the first it shares nothing but SHA-256 and Ed25519.
// It is slow and plain, and says only whether a log is whole.

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest();

function sorted(value: unknown): unknown {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
			.map(([k, v]) => [k, sorted(v)])
	);
}

function chainHolds(file: string): Buffer[] | undefined {
	const database = new DatabaseSync(file, { readOnly: true });
	try {
		const rows = database
			.prepare('SELECT CAST(sequence AS TEXT) AS n, canonical AS c, hash AS h FROM entries ORDER BY sequence')
			.all();
		const hashes = [Buffer.alloc(32)];
		for (const [index, { n, c, h }] of rows.entries()) {
			if (n !== String(index + 1) || typeof c !== 'string') return undefined;
			const said = JSON.parse(c);
			if (JSON.stringify(sorted(said)) !== c) return undefined;
			if (said.sequence !== index + 1 || said.previous !== hashes[index]?.toString('hex')) return undefined;
			const hash = sha256(c);
			if (hash.toString('hex') !== h) return undefined;
			hashes.push(hash);
		}
		return hashes;
	} catch {
		return undefined;
	} finally {
		database.close();
	}
}

/** The text of a note when its signature is this key's. */
function signedText(note: string, verifierKey: string): string | undefined {
	const at = note.indexOf('\n\n');
	const name = 'kuuntelupiste/access-log';
	const lines = note.slice(at + 2).split('\n');
	if (at < 0 || lines.length !== 2 || lines[1] !== '' || !lines[0]?.startsWith(`— ${name} `)) return undefined;
	const coded = lines[0].slice(`— ${name} `.length);
	const bytes = Buffer.from(coded, 'base64');
	const key = Buffer.from(verifierKey.slice(name.length + 10), 'base64');
	const id = createHash('sha256').update(`${name}\n`).update(key).digest().subarray(0, 4);
	const text = note.slice(0, at + 1);
	if (bytes.toString('base64') !== coded || bytes.length !== 68 || key.length !== 33 || key[0] !== 1) return undefined;
	if (!bytes.subarray(0, 4).equals(id)) return undefined;
	const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.subarray(1)]);
	const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
	return verifySignature(null, Buffer.from(text), publicKey, bytes.subarray(4)) ? text : undefined;
}

const notesIn = (file: string): string[] => {
	if (!existsSync(file)) return [];
	const notes: string[] = [''];
	for (const line of readFileSync(file, 'utf8').split(/(?<=\n)/)) {
		notes.push((notes.pop() ?? '') + line);
		if (line.startsWith('— ') && line.endsWith('\n')) notes.push('');
	}
	return notes.filter((note) => note !== '');
};

/** Whether the log in a folder is whole, by the checkpoints in all these folders and the first public key beside it. */
export function isWhole(folder: string, places: string[] = [folder]): boolean {
	const hashes = chainHolds(path.join(folder, 'log.db'));
	if (!hashes) return false;
	const keys = [{ key: readFileSync(path.join(folder, 'public-key.txt'), 'utf8').trim(), after: 0 }];
	for (const note of new Set(places.flatMap((place) => notesIn(path.join(place, 'rotations.txt'))))) {
		const lines = signedText(note, keys.at(-1)?.key ?? '')?.split('\n');
		const after = /^after (\d+)$/.exec(lines?.[2] ?? '')?.[1];
		if (lines?.[0] !== 'kuuntelupiste/access-log/key' || !lines[1] || after === undefined) return false;
		keys.push({ key: lines[1], after: Number(after) });
	}
	for (const note of places.flatMap((place) => notesIn(path.join(place, 'checkpoints.txt')))) {
		const index = keys.findIndex(({ key }) => signedText(note, key) !== undefined);
		const [name, size, hash, at] = index < 0 ? [] : note.split('\n');
		if (name !== 'kuuntelupiste/access-log' || !/^\d+$/.test(size ?? '') || !at?.startsWith('at ')) return false;
		if (Number(size) < (keys[index]?.after ?? 0) || Number(size) > (keys[index + 1]?.after ?? Infinity)) return false;
		if (hashes[Number(size)]?.toString('base64') !== hash) return false;
	}
	return true;
}
