import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdir, open, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#failures.ts';
import { origin, signNote, verifierKeyOf } from './note.ts';

const keyFile = 'signing-key.pem';
const publicFile = 'public-key.txt';
const notesFile = 'checkpoints.txt';
const everyMs = 30_000;

/** Signs where the log has come to: at once when the last is half a minute old, else within half a minute. */
export interface Checkpoints {
	noticed(tip: { sequence: number; hash: string }): void;
	/** Whether the last one reached the second place too. */
	readonly reached: boolean;
	close(): Promise<void>;
}

/** Makes the log's signing key, readable by its owner only, and gives the public key for the auditor. */
export async function createSigningKey(directory: string): Promise<string> {
	await mkdir(directory, { recursive: true, mode: 0o700 });
	const { privateKey } = generateKeyPairSync('ed25519');
	const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
	await writeFile(path.join(directory, keyFile), pem, { flag: 'wx', mode: 0o600 });
	const publicKey = verifierKeyOf(privateKey);
	await writeFile(path.join(directory, publicFile), `${publicKey}\n`, { flag: 'wx', mode: 0o600 });
	return publicKey;
}

/** The public key of a log. */
export async function publicKeyOf(directory: string): Promise<string | undefined> {
	return readFile(path.join(directory, publicFile), 'utf8').catch(() => undefined);
}

/** The signed notes of a folder, in the order in which they were written; undefined when it has no file of them. */
export async function readNotes(directory: string): Promise<string[] | undefined> {
	const text = await readFile(path.join(directory, notesFile), 'utf8').catch(() => undefined);
	return text?.split(new RegExp(`^(?=${origin}\\n)`, 'm')).filter(Boolean);
}

/**
 * Opens the checkpoints of a log; `outside` is the second place, on another disk or share.
 * Refuses with `unavailable: signing_key` when the log's key cannot be read.
 */
export async function openCheckpoints(
	directory: string,
	{ now, outside }: { now: () => Date; outside?: string | undefined }
): Promise<Checkpoints> {
	const key = await readFile(path.join(directory, keyFile))
		.then(createPrivateKey)
		.catch((cause: unknown) => {
			throw new Failure('unavailable', 'signing_key', { cause, detail: 'The access log has no signing key.' });
		});
	await mend(directory);
	if (outside) await mend(outside).catch(() => undefined);
	let tip: { sequence: number; hash: string } | undefined;
	let signed = 0;
	let last = -everyMs;
	let reached = true;
	let timer: NodeJS.Timeout | undefined;
	let work = Promise.resolve();

	function plan(): void {
		if (timer) return;
		timer = setTimeout(write, Math.max(0, last + everyMs - performance.now()));
		timer.unref();
	}

	function write(): void {
		clearTimeout(timer);
		timer = undefined;
		if (!tip || tip.sequence === signed) return;
		const note = signNote({ size: tip.sequence, hash: tip.hash, at: now().toISOString() }, key);
		signed = tip.sequence;
		last = performance.now();
		work = work.then(async () => {
			// The entries are on the disk already; a checkpoint that cannot be written must not stop them.
			await add(directory, note).catch(() => undefined);
			if (outside)
				reached = await add(outside, note).then(
					() => true,
					() => false
				);
		});
	}

	return {
		noticed(found) {
			tip = found;
			plan();
		},
		get reached() {
			return reached;
		},
		async close() {
			write();
			await work;
		}
	};
}

/** Cuts off what a power failure left of a note: else it would spoil the next one, and look like a forgery. */
async function mend(folder: string): Promise<void> {
	const file = path.join(folder, notesFile);
	const text = await readFile(file, 'utf8').catch(() => '');
	const whole = /^(?:[^]*\n— [^\n]+\n)?/.exec(text)?.[0] ?? '';
	if (whole !== text) await truncate(file, Buffer.byteLength(whole));
}

async function add(folder: string, note: string): Promise<void> {
	const handle = await open(path.join(folder, notesFile), 'a', 0o600);
	try {
		const { size } = await handle.stat();
		await handle.appendFile(note).catch(async (cause: unknown) => {
			// A full disk takes a part of it; the next note must not begin there.
			await handle.truncate(size);
			throw cause;
		});
		await handle.sync();
	} finally {
		await handle.close();
	}
}
