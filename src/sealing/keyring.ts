import { chmod, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Failure } from '#failures.ts';

/** The keys of the register, encrypted under the master key, outside PocketBase and its backups. */
export interface Keyring {
	/** The recipient (`age1…`) to which a Helsinki day's calls are sealed; its key is made at first use. */
	recipientFor(day: string): Promise<string>;
	/** A day's identity; `missing: day_key_destroyed` when there is none. */
	identityFor(day: string): Promise<string>;
	/** A named secret, such as a service account's password; `missing: secret` when there is none. */
	readSecret(name: string): Promise<string>;
	writeSecret(name: string, value: string): Promise<void>;
}

const marker = 'keyring.age';
const markerWords = 'kuuntelupiste keyring 1';

/** A new master key: an age identity, to be kept where no copy of the data folder goes. */
export function newMasterKey(): Promise<string> {
	return generateX25519Identity();
}

/** Makes an empty keyring; `conflict: keyring_exists` where there is one. */
export async function createKeyring(directory: string, masterKey: string): Promise<void> {
	for (const folder of [directory, path.join(directory, 'days'), path.join(directory, 'secrets')]) {
		await mkdir(folder, { recursive: true, mode: 0o700 });
		await chmod(folder, 0o700);
	}
	const made = await writeOnce(path.join(directory, marker), await encrypt(markerWords, masterKey));
	if (!made) throw new Failure('conflict', 'keyring_exists');
}

/**
 * Opens the keyring. Refuses with `unavailable` and one line when it is not there, when anybody but the owner may read
 * it, or when the master key is another one.
 */
export async function openKeyring(directory: string, masterKey: string): Promise<Keyring> {
	for (const place of ['', 'days', 'secrets', marker]) await mustBePrivate(path.join(directory, place));
	const words = await decrypt(await readFile(path.join(directory, marker)), masterKey).catch((cause: unknown) => {
		throw unavailable('master_key_wrong', 'The master key does not open the keyring of this data folder.', cause);
	});
	if (words !== markerWords) throw unavailable('keyring_unreadable', 'The keyring has another format.');

	// Opening a day's key takes milliseconds; a destroyed file is noticed all the same, by asking for it first.
	const opened = new Map<string, { identity: string; file: string }>();
	const secretFile = (name: string): string => path.join(directory, 'secrets', `${named(name)}.age`);
	const dayFile = (day: string): string => {
		if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Failure('invalid', 'day');
		return path.join(directory, 'days', `${day}.age`);
	};

	async function identityFor(day: string): Promise<string> {
		const file = dayFile(day);
		const found = await stat(file).catch(() => undefined);
		if (!found) {
			opened.delete(day);
			throw new Failure('missing', 'day_key_destroyed');
		}
		await mustBePrivate(file);
		const known = opened.get(day);
		const mark = `${found.ino}:${found.mtimeMs}`;
		if (known?.file === mark) return known.identity;
		const identity = await decrypt(await readFile(file), masterKey).catch((cause: unknown) => {
			throw unavailable('day_key_damaged', `The key of ${day} cannot be opened.`, cause);
		});
		if (opened.size >= 400) opened.clear();
		opened.set(day, { identity, file: mark });
		return identity;
	}

	return {
		identityFor,
		async recipientFor(day) {
			const file = dayFile(day);
			if (!(await stat(file).catch(() => undefined))) {
				// Another process may do the same at the same time; whoever comes second takes the first one's.
				await writeOnce(file, await encrypt(await generateX25519Identity(), masterKey));
			}
			return identityToRecipient(await identityFor(day));
		},
		async readSecret(name) {
			const sealed = await readFile(secretFile(name)).catch((cause: unknown) => {
				throw new Failure('missing', 'secret', { cause, detail: `The keyring holds no secret "${name}".` });
			});
			return decrypt(sealed, masterKey);
		},
		async writeSecret(name, value) {
			const file = secretFile(name);
			const fresh = `${file}.${randomUUID()}`;
			await writeOnce(fresh, await encrypt(value, masterKey));
			await rename(fresh, file);
		}
	};
}

async function mustBePrivate(place: string): Promise<void> {
	const found = await stat(place).catch((cause: unknown) => {
		throw unavailable('keyring_unreadable', 'The keyring is not there or cannot be read.', cause);
	});
	if ((found.mode & 0o077) !== 0) {
		throw unavailable('keyring_open_to_others', `${place} must be for its owner only (chmod go= on it).`);
	}
}

/** Writes a whole file, on the disk, or nothing; false when there is one already. */
async function writeOnce(file: string, bytes: Uint8Array): Promise<boolean> {
	const fresh = `${file}.${randomUUID()}.new`;
	const handle = await open(fresh, 'wx', 0o600);
	try {
		await handle.writeFile(bytes);
		await handle.sync();
	} finally {
		await handle.close();
	}
	try {
		await link(fresh, file);
		await syncFolder(path.dirname(file));
		return true;
	} catch (cause) {
		if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
		throw cause;
	} finally {
		await rm(fresh, { force: true });
	}
}

async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder, 'r');
	await handle.sync().finally(() => handle.close());
}

function named(name: string): string {
	if (!/^[a-z][a-z0-9-]{0,40}$/.test(name)) throw new Failure('invalid', 'secret_name');
	return name;
}

async function encrypt(text: string, masterKey: string): Promise<Uint8Array> {
	const encrypter = new Encrypter();
	encrypter.addRecipient(await identityToRecipient(masterKey));
	return encrypter.encrypt(text);
}

async function decrypt(sealed: Uint8Array, masterKey: string): Promise<string> {
	const decrypter = new Decrypter();
	decrypter.addIdentity(masterKey);
	return decrypter.decrypt(sealed, 'text');
}

function unavailable(reason: string, detail: string, cause?: unknown): Failure {
	return new Failure('unavailable', reason, { detail, cause });
}
