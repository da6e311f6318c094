import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#failures.ts';
import { addNote, mend, readNotes } from './note-file.ts';
import { openNote, origin, signNote, verifierKeyOf } from './note.ts';

const publicFile = 'public-key.txt';
const rotationsFile = 'rotations.txt';

/** A public key of a log, in the note format's own form, and from which entry on it signs. */
export interface LogKey {
	verifier: string;
	/** So many entries there were when it took over; 0 for the first. */
	after: number;
}

/** Makes the log's signing key, readable by its owner only, and gives the public key for the auditor. */
export async function createSigningKey(directory: string): Promise<string> {
	await mkdir(directory, { recursive: true, mode: 0o700 });
	const { verifier, save } = newKey(directory);
	// The public one first: it is there but once, so a log that has a key gets no second first one.
	await write(path.join(directory, publicFile), `${verifier}\n`);
	await save();
	return verifier;
}

/**
 * The public keys of a log, the first and what it was rotated to since, each vouched for by the one before; `broken`
 * when a rotation is malformed or not signed. `trusted` is the key that an auditor holds, instead of the first one
 * beside the log; a chain that does not hold it counts for nothing. Rotations may be kept in more than one place.
 */
export async function keysOf(
	directory: string,
	{ trusted, outside }: { trusted?: string | undefined; outside?: string | undefined } = {}
): Promise<{ keys: LogKey[]; broken: boolean }> {
	const first = await readFile(path.join(directory, publicFile), 'utf8').catch(() => '');
	const places = outside ? [directory, outside] : [directory];
	const notes = await Promise.all(places.map((place) => readNotes(path.join(place, rotationsFile))));
	const keys: LogKey[] = [{ verifier: first.trim(), after: 0 }];
	let broken = false;
	for (const note of new Set(notes.flatMap((found) => found ?? []))) {
		const next = rotation(note, keys.at(-1)?.verifier ?? '');
		if (!next || next.after < (keys.at(-1)?.after ?? 0)) broken = true;
		else keys.push(next);
	}
	if (trusted === undefined || keys.some(({ verifier }) => verifier === trusted.trim())) return { keys, broken };
	return { keys: [{ verifier: trusted.trim(), after: 0 }], broken: false };
}

/** The private key that signs now. Refuses with `unavailable: signing_key` when it cannot be read. */
export async function signingKey(directory: string): Promise<KeyObject> {
	try {
		await mend(path.join(directory, rotationsFile));
		const { keys } = await keysOf(directory);
		const verifier = keys.at(-1)?.verifier ?? '';
		const key = createPrivateKey(await readFile(path.join(directory, fileOf(verifier))));
		if (verifierKeyOf(key) !== verifier) throw new Error('this is not the key that the public one names');
		return key;
	} catch (cause) {
		throw new Failure('unavailable', 'signing_key', {
			cause,
			detail: `The access log in ${directory} has no signing key that fits its public one.`
		});
	}
}

/**
 * Makes a new signing key after so many entries, has the old one vouch for it, and destroys the old one. Stopped in the
 * middle, the log has either the one or the other. Gives the new public key.
 */
export async function rotate(
	directory: string,
	old: KeyObject,
	{ after, at, outside }: { after: number; at: string; outside?: string | undefined }
): Promise<{ key: KeyObject; verifier: string }> {
	const { verifier, save } = newKey(directory);
	await save();
	const note = signNote(`${origin}/key\n${verifier}\nafter ${after}\nat ${at}\n`, old);
	await addNote(path.join(directory, rotationsFile), note);
	// The place outside may be away; the copy beside the log is the one that counts.
	if (outside) await addNote(path.join(outside, rotationsFile), note).catch(() => undefined);
	await rm(path.join(directory, fileOf(verifierKeyOf(old))), { force: true });
	return { key: await signingKey(directory), verifier };
}

function rotation(note: string, verifier: string): LogKey | undefined {
	const [name, next = '', after, at] = openNote(note, verifier)?.split('\n') ?? [];
	const [, count] = /^after (\d{1,15})$/.exec(after ?? '') ?? [];
	return name === `${origin}/key` && count && at?.startsWith('at ')
		? { verifier: next, after: Number(count) }
		: undefined;
}

/** Each private key lies in a file of its own, so that a rotation is done by one write: that of its note. */
function fileOf(verifier: string): string {
	return `signing-key-${verifier.slice(origin.length + 1, origin.length + 9)}.pem`;
}

function newKey(directory: string): { verifier: string; save: () => Promise<void> } {
	const { privateKey } = generateKeyPairSync('ed25519');
	const verifier = verifierKeyOf(privateKey);
	const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
	return { verifier, save: () => write(path.join(directory, fileOf(verifier)), pem) };
}

async function write(file: string, text: string): Promise<void> {
	const handle = await open(file, 'wx', 0o600);
	try {
		await handle.writeFile(text);
		await handle.sync();
	} finally {
		await handle.close();
	}
}
