import { hash } from 'node:crypto';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { generateX25519Identity } from 'age-encryption';
import { Failure } from '#failures.ts';
import { recipientOf } from './identity.ts';
import {
	destroyKeyFile,
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
	/** The recipient of a recording's own key, for one that is kept when its day's key goes; made at first use. */
	ownRecipientFor(recording: string): Promise<string>;
	/** What opens a recording: its own key if it has one, else its day's; refuses as `identityFor`. */
	identityOf(recording: { id: string; keyDay: string; ownKey: boolean }): Promise<string>;
	/** The days that have a key, and the recordings that have their own, as they are on the disk now. */
	list(): Promise<{ days: string[]; recordings: string[] }>;
	/**
	 * SHA-256 of a key's recipient, by which a destruction record names it; undefined when there is no such key. One that
	 * was cut short in its destruction is `unavailable: keyring_unreadable`.
	 */
	fingerprintOf(name: KeyName): Promise<string | undefined>;
	/**
	 * Destroys a key for good, and every leftover that may be a second name of it; whatever it sealed is unreadable
	 * everywhere when this returns. False when there is none.
	 */
	destroy(name: KeyName, options?: { onOverwritten?: () => void }): Promise<boolean>;
	/** A named secret, such as a service account's password; `missing: secret` when there is none. */
	readSecret(name: string): Promise<string>;
	/** Keeps a secret, on the disk when this returns, in the place of the one that may be there. */
	writeSecret(name: string, value: string): Promise<void>;
	/** Removes a secret for good; false when there is none. */
	removeSecret(name: string): Promise<boolean>;
}

/** A key by what it seals: the calls of a Helsinki day, or one recording. */
export type KeyName = { readonly day: string } | { readonly recording: string };

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
	for (const folder of [directory, ...['days', 'own', 'secrets'].map((name) => path.join(directory, name))]) {
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
	const own = path.join(directory, 'own');
	const secrets = path.join(directory, 'secrets');
	await mustBeThere(directory);
	// A keyring of the time before holds has no place for a recording's own key yet.
	await mkdir(own, { mode: 0o700 }).catch(() => undefined);
	for (const folder of [directory, days, own, secrets]) {
		await mustBeThere(folder);
		await tidy(folder);
	}
	if ((await readKeyFile(path.join(directory, marker), masterKey)) !== markerWords) {
		throw new Failure('unavailable', 'keyring_unreadable', { detail: 'The keyring has another format.' });
	}

	// Opening a key takes milliseconds; a destroyed file is noticed all the same, by asking for it first.
	const opened = new Map<string, { identity: string; mark: string }>();

	const fileOf = (name: KeyName): string =>
		'day' in name ? fileIn(days, name.day, /^\d{4}-\d{2}-\d{2}$/) : fileIn(own, name.recording, /^[a-z0-9]{15}$/);

	async function find(name: KeyName): Promise<string | undefined> {
		const file = fileOf(name);
		const found = await look(file);
		if (!found) {
			opened.delete(file);
			await mustBeThere(path.dirname(file));
			return undefined;
		}
		const mark = `${found.ino}:${found.mtimeMs}`;
		const known = opened.get(file);
		if (known?.mark === mark) return known.identity;
		const identity = await readKeyFile(file, masterKey);
		if (opened.size >= 400) opened.clear();
		opened.set(file, { identity, mark });
		return identity;
	}

	async function mustFind(name: KeyName): Promise<string> {
		const identity = await find(name);
		if (!identity) throw new Failure('missing', 'day_key_destroyed');
		return identity;
	}

	async function recipient(name: KeyName): Promise<string> {
		const found = await recipientOf(await mustFind(name));
		if (found) return found;
		throw new Failure('unavailable', 'keyring_unreadable', { detail: `${fileOf(name)} is no key.` });
	}

	async function madeRecipient(name: KeyName): Promise<string> {
		// Another process may do the same at the same time; whoever comes second takes the first one's.
		if (!(await find(name))) await makeKeyFile(fileOf(name), await generateX25519Identity(), masterKey);
		return recipient(name);
	}

	return {
		identityFor: (day) => mustFind({ day }),
		recipientFor: (day) => madeRecipient({ day }),
		ownRecipientFor: (recording) => madeRecipient({ recording }),
		identityOf: ({ id, keyDay, ownKey }) => mustFind(ownKey ? { recording: id } : { day: keyDay }),
		async list() {
			return { days: await keysIn(days), recordings: await keysIn(own) };
		},
		async fingerprintOf(name) {
			return (await find(name)) && hash('sha256', await recipient(name));
		},
		async destroy(name, options) {
			const file = fileOf(name);
			opened.delete(file);
			// Afresh, as at the opening: since then another process may have been killed over this very key.
			await mustBeThere(path.dirname(file));
			await tidy(path.dirname(file));
			return destroyKeyFile(file, options);
		},
		async readSecret(name) {
			const file = secretFile(secrets, name);
			if (await look(file)) return readKeyFile(file, masterKey);
			await mustBeThere(secrets);
			throw new Failure('missing', 'secret', { detail: `The keyring holds no secret "${name}".` });
		},
		async writeSecret(name, value) {
			await replaceKeyFile(secretFile(secrets, name), value, masterKey);
		},
		async removeSecret(name) {
			return destroyKeyFile(secretFile(secrets, name));
		}
	};
}

function fileIn(folder: string, name: string, form: RegExp): string {
	if (!form.test(name)) throw new Failure('invalid', 'key_name');
	return path.join(folder, `${name}.age`);
}

async function keysIn(folder: string): Promise<string[]> {
	await mustBeThere(folder);
	const names = await readdir(folder);
	return names.flatMap((name) => (name.endsWith('.age') ? [name.slice(0, -'.age'.length)] : [])).sort();
}

function secretFile(folder: string, name: string): string {
	if (!/^[a-z][a-z0-9-]{0,40}$/.test(name)) throw new Failure('invalid', 'secret_name');
	return path.join(folder, `${name}.age`);
}
