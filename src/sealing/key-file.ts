import { randomBytes, randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { link, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Encrypter } from 'age-encryption';
import { Failure } from '#failures.ts';
import { decrypterFor, isForAnother, recipientOf } from './identity.ts';

const unfinished = '.new';

/**
 * The state of a file or folder of the keyring; nothing when there is none. Refuses with `unavailable` when it cannot be
 * asked for, or when anybody but its owner may use it.
 */
export async function look(place: string): Promise<Stats | undefined> {
	const found = await stat(place).catch((cause: unknown) => {
		if (isCode(cause, 'ENOENT')) return undefined;
		throw unreadable('The keyring cannot be read.', cause);
	});
	if (found && (found.mode & 0o077) !== 0) {
		throw new Failure('unavailable', 'keyring_open_to_others', {
			detail: `${place} must be for its owner only (chmod go= on it).`
		});
	}
	return found;
}

/** Refuses with `unavailable: keyring_unreadable` when the file or folder is not there; else as `look` does. */
export async function mustBeThere(place: string): Promise<void> {
	if (!(await look(place))) throw unreadable(`${place} is not there.`);
}

/**
 * Removes what a killed process left half done, and refuses when a file in the folder is open to others. A leftover may
 * be a second name of a finished key, which would outlive that key's destruction.
 */
export async function tidy(folder: string): Promise<void> {
	const names = await readdir(folder).catch((cause: unknown) => {
		throw unreadable('The keyring cannot be read.', cause);
	});
	for (const name of names) {
		const place = path.join(folder, name);
		if (name.endsWith(unfinished)) await rm(place, { force: true }).catch(unwritable);
		else await look(place);
	}
}

/**
 * The text of a key file. Refuses with `unavailable`: `master_key_wrong` when the file is for another key,
 * `keyring_unreadable` when it is damaged or gone.
 */
export async function readKeyFile(file: string, masterKey: string): Promise<string> {
	const decrypter = decrypterFor(masterKey);
	if (!decrypter) throw noMasterKey();
	try {
		return await decrypter.decrypt(await readFile(file), 'text');
	} catch (cause) {
		if (!isForAnother(cause)) throw unreadable(`${file} cannot be read or is damaged.`, cause);
		throw new Failure('unavailable', 'master_key_wrong', { detail: `The master key does not open ${file}.` });
	}
}

/**
 * Writes a key file that is on the disk when this returns, whole or not at all: one key however many processes try.
 * False when there is one already; that one stays.
 */
export async function makeKeyFile(file: string, text: string, masterKey: string): Promise<boolean> {
	const sealed = await sealText(text, masterKey);
	try {
		await publish(file, sealed, link);
		return true;
	} catch (cause) {
		if (isCode(cause, 'EEXIST')) return false;
		return unwritable(cause);
	}
}

/** Writes a key file as `makeKeyFile` does, over the one that may be there; each of the master keys opens it. */
export async function replaceKeyFile(file: string, text: string, masterKeys: string | string[]): Promise<void> {
	const sealed = await sealText(text, masterKeys);
	await publish(file, sealed, rename).catch(unwritable);
}

/**
 * Destroys a key file for good: random bytes over it, which a second name of it would meet too, then its name; both are
 * on the disk when this returns. False when there is none. Can be done again after it was cut short.
 */
export async function destroyKeyFile(
	file: string,
	{ onOverwritten }: { onOverwritten?: () => void } = {}
): Promise<boolean> {
	const handle = await open(file, 'r+').catch((cause: unknown) => {
		if (isCode(cause, 'ENOENT')) return undefined;
		return unwritable(cause);
	});
	if (!handle) return false;
	try {
		const { size } = await handle.stat();
		await handle.write(randomBytes(size), 0, size, 0);
		await handle.sync();
	} catch (cause) {
		unwritable(cause);
	} finally {
		await handle.close();
	}
	onOverwritten?.();
	await rm(file, { force: true }).catch(unwritable);
	await syncFolder(path.dirname(file));
	return true;
}

/** The recipient of the master key; `unavailable: master_key_wrong` when that is no age identity. */
export async function masterRecipient(masterKey: string): Promise<string> {
	const recipient = await recipientOf(masterKey);
	if (!recipient) throw noMasterKey();
	return recipient;
}

/** Makes the names in a folder last through a loss of power. */
export async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder, 'r');
	await handle.sync().finally(() => handle.close());
}

async function publish(file: string, bytes: Uint8Array, name: typeof link): Promise<void> {
	const fresh = `${file}.${randomUUID()}${unfinished}`;
	try {
		const handle = await open(fresh, 'wx', 0o600);
		await handle
			.writeFile(bytes)
			.then(() => handle.sync())
			.finally(() => handle.close());
		await name(fresh, file).catch(async (cause: unknown) => {
			// A process that opened the keyring just now took ours for a leftover: once more.
			if (!isCode(cause, 'ENOENT')) throw cause;
			await publish(file, bytes, name);
		});
	} finally {
		await rm(fresh, { force: true });
	}
	await syncFolder(path.dirname(file));
}

async function sealText(text: string, masterKeys: string | string[]): Promise<Uint8Array> {
	const encrypter = new Encrypter();
	for (const masterKey of [masterKeys].flat()) encrypter.addRecipient(await masterRecipient(masterKey));
	return encrypter.encrypt(text);
}

function isCode(cause: unknown, code: string): boolean {
	return cause instanceof Error && 'code' in cause && cause.code === code;
}

function unreadable(detail: string, cause?: unknown): Failure {
	return new Failure('unavailable', 'keyring_unreadable', { detail, cause });
}

function unwritable(cause: unknown): never {
	throw new Failure('unavailable', 'keyring_unwritable', { detail: 'The keyring cannot be written.', cause });
}

function noMasterKey(): Failure {
	return new Failure('unavailable', 'master_key_wrong', {
		detail: 'The master key is not an age identity (AGE-SECRET-KEY-1…).'
	});
}
