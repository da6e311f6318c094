import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { generateX25519Identity } from 'age-encryption';
import { Failure } from '#failures.ts';
import { recipientOf } from './identity.ts';
import {
	look,
	makeKeyFile,
	masterRecipient,
	mustBeThere,
	readKeyFile,
	replaceKeyFile,
	syncFolder,
	tidy
} from './key-file.ts';

/** The keys of the register, encrypted under the master key, outside PocketBase and its backups. */
export interface Keyring {
	/** The recipient (`age1…`) to which a Helsinki day's calls are sealed; its key is made at first use. */
	recipientFor(day: string): Promise<string>;
	/**
	 * A day's identity; `missing: day_key_destroyed` when there is none. A keyring that is not there or cannot be read is
	 * `unavailable: keyring_unreadable`: it proves no destruction.
	 */
	identityFor(day: string): Promise<string>;
	/** A named secret, such as a service account's password; `missing: secret` when there is none. */
	readSecret(name: string): Promise<string>;
	/** Keeps a secret, on the disk when this returns, in the place of the one that may be there. */
	writeSecret(name: string, value: string): Promise<void>;
}

const marker = 'keyring.age';
const markerWords = 'kuuntelupiste keyring 1';

/** A new master key: an age identity, to be kept where no copy of the data folder goes. */
export function newMasterKey(): Promise<string> {
	return generateX25519Identity();
}

/**
 * Makes an empty keyring. Refuses with `conflict: keyring_exists` where there is one, and with
 * `unavailable: master_key_wrong`, before a folder is made, when the master key is no age identity.
 */
export async function createKeyring(directory: string, masterKey: string): Promise<void> {
	await masterRecipient(masterKey);
	for (const folder of [directory, path.join(directory, 'days'), path.join(directory, 'secrets')]) {
		await mkdir(folder, { recursive: true, mode: 0o700 });
		await chmod(folder, 0o700);
	}
	const made = await makeKeyFile(path.join(directory, marker), markerWords, masterKey);
	if (!made) throw new Failure('conflict', 'keyring_exists');
	await syncFolder(path.dirname(path.resolve(directory)));
}

/**
 * Opens the keyring, and clears away what a killed process left half done. Refuses with `unavailable` and one line when
 * it is not there, when anybody but the owner may read any of it, or when the master key is another one.
 */
export async function openKeyring(directory: string, masterKey: string): Promise<Keyring> {
	const days = path.join(directory, 'days');
	const secrets = path.join(directory, 'secrets');
	for (const folder of [directory, days, secrets]) {
		await mustBeThere(folder);
		await tidy(folder);
	}
	if ((await readKeyFile(path.join(directory, marker), masterKey)) !== markerWords) {
		throw new Failure('unavailable', 'keyring_unreadable', { detail: 'The keyring has another format.' });
	}

	// Opening a day's key takes milliseconds; a destroyed file is noticed all the same, by asking for it first.
	const opened = new Map<string, { identity: string; mark: string }>();

	async function findDay(day: string): Promise<string | undefined> {
		const file = dayFile(days, day);
		const found = await look(file);
		if (!found) {
			opened.delete(day);
			await mustBeThere(days);
			return undefined;
		}
		const mark = `${found.ino}:${found.mtimeMs}`;
		const known = opened.get(day);
		if (known?.mark === mark) return known.identity;
		const identity = await readKeyFile(file, masterKey);
		if (opened.size >= 400) opened.clear();
		opened.set(day, { identity, mark });
		return identity;
	}

	async function identityFor(day: string): Promise<string> {
		const identity = await findDay(day);
		if (!identity) throw new Failure('missing', 'day_key_destroyed');
		return identity;
	}

	return {
		identityFor,
		async recipientFor(day) {
			if (!(await findDay(day))) {
				// Another process may do the same at the same time; whoever comes second takes the first one's.
				await makeKeyFile(dayFile(days, day), await generateX25519Identity(), masterKey);
			}
			const recipient = await recipientOf(await identityFor(day));
			if (!recipient)
				throw new Failure('unavailable', 'keyring_unreadable', { detail: `The file of ${day} is no key.` });
			return recipient;
		},
		async readSecret(name) {
			const file = secretFile(secrets, name);
			if (await look(file)) return readKeyFile(file, masterKey);
			await mustBeThere(secrets);
			throw new Failure('missing', 'secret', { detail: `The keyring holds no secret "${name}".` });
		},
		async writeSecret(name, value) {
			await replaceKeyFile(secretFile(secrets, name), value, masterKey);
		}
	};
}

function dayFile(folder: string, day: string): string {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Failure('invalid', 'day');
	return path.join(folder, `${day}.age`);
}

function secretFile(folder: string, name: string): string {
	if (!/^[a-z][a-z0-9-]{0,40}$/.test(name)) throw new Failure('invalid', 'secret_name');
	return path.join(folder, `${name}.age`);
}
