import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, link, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyring, newMasterKey, openKeyring } from '#sealing/keyring.ts';
import { seal } from '#sealing/seal.ts';
import { age } from './age.ts';

const day = '2026-11-23';
let folder: string;
let master: string;
let keys: string;

beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-keys-'));
	keys = path.join(folder, 'keys');
	master = await newMasterKey();
	await createKeyring(keys, master);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const fileOf = (name: string): string => path.join(keys, 'days', `${name}.age`);
const someDays = Array.from({ length: 20 }, (_, index) => `2026-10-${String(index + 1).padStart(2, '0')}`);

/**
 * Another process that opens the keyring, waits for the word, and asks for the recipient of each day. `limits` are the
 * shell's: `ulimit -f 0` lets it write no file, as a full disk does.
 */
function anotherProcess(limits = ':'): { ready: Promise<unknown>; go(): Promise<unknown> } {
	const keyring = fileURLToPath(new URL('../../../src/sealing/keyring.ts', import.meta.url));
	const program = `
		const { openKeyring } = await import(${JSON.stringify(keyring)});
		const ring = await openKeyring(process.env.KEYS, process.env.MASTER);
		process.stderr.write('ready');
		await new Promise((resolve) => process.stdin.once('data', resolve));
		const recipients = [];
		try {
			for (const day of ${JSON.stringify(someDays)}) recipients.push(await ring.recipientFor(day));
			process.stdout.write(JSON.stringify(recipients));
		} catch ({ kind, reason }) {
			process.stdout.write(JSON.stringify({ kind, reason }));
		}
		process.stdin.destroy();`;
	const words = ['-c', `${limits}; exec "$0" "$@"`, process.execPath, '--input-type=module', '-e', program];
	const child = spawn('sh', words, { env: { ...process.env, KEYS: keys, MASTER: master } });
	const said = text(child.stdout);
	return {
		ready: once(child.stderr, 'data'),
		async go() {
			child.stdin.end('go');
			return JSON.parse(await said);
		}
	};
}

describe('the keyring', () => {
	it('makes one key a day, also when many ask at once and through several openings', async () => {
		const rings = await Promise.all([1, 2, 3, 4].map(() => openKeyring(keys, master)));
		const asked = rings.flatMap((ring) => [ring.recipientFor(day), ring.recipientFor(day)]);
		const recipients = await Promise.all(asked);
		expect(new Set(recipients).size).toBe(1);
		expect(await rings[0]?.recipientFor('2026-11-24')).not.toBe(recipients[0]);
		for (const ring of [...rings, await openKeyring(keys, master)]) {
			expect(await identityToRecipient(await ring.identityFor(day))).toBe(recipients[0]);
		}
	});

	it('makes one key a day, also when several processes ask at once', async () => {
		const processes = [1, 2, 3].map(() => anotherProcess());
		await Promise.all(processes.map(({ ready }) => ready));
		const said = await Promise.all(processes.map((process) => process.go()));
		const ring = await openKeyring(keys, master);
		const recipients = await Promise.all(someDays.map((name) => ring.recipientFor(name)));
		expect(new Set(recipients).size).toBe(someDays.length);
		for (const one of said) expect(one).toEqual(recipients);
		expect((await readdir(path.join(keys, 'days'))).sort()).toEqual(someDays.map((name) => `${name}.age`));
	});

	it('is opened by one process while another makes keys, and neither loses any', async () => {
		const ring = await openKeyring(keys, master);
		let over = false;
		const opening = (async () => {
			while (!over) await openKeyring(keys, master);
		})();
		const recipients = await Promise.all(someDays.map((name) => ring.recipientFor(name))).finally(() => (over = true));
		await opening;
		const later = await openKeyring(keys, master);
		for (const [index, name] of someDays.entries()) expect(await later.recipientFor(name)).toBe(recipients[index]);
	});

	it('says that it cannot be written when the disk is full, and leaves no half of a key', async () => {
		const unlucky = anotherProcess('ulimit -f 0');
		await unlucky.ready;
		expect(await unlucky.go()).toEqual({ kind: 'unavailable', reason: 'keyring_unwritable' });
		expect(await readdir(path.join(keys, 'days'))).toEqual([]);
	});

	it('clears away what a killed process left, so that no second name of a key outlives its destruction', async () => {
		await (await openKeyring(keys, master)).recipientFor(day);
		await link(fileOf(day), `${fileOf(day)}.0b0d.new`);
		await writeFile(path.join(keys, 'secrets', 'service-web.age.0b0d.new'), 'half', { mode: 0o600 });
		await openKeyring(keys, master);
		expect(await readdir(path.join(keys, 'days'))).toEqual([`${day}.age`]);
		expect(await readdir(path.join(keys, 'secrets'))).toEqual([]);
		expect((await stat(fileOf(day))).nlink).toBe(1);
	});

	it('is for its owner only, every file and folder of it', async () => {
		const ring = await openKeyring(keys, master);
		await ring.recipientFor(day);
		await ring.writeSecret('service-web', 'word');
		for (const entry of await readdir(keys, { recursive: true, withFileTypes: true })) {
			const { mode } = await stat(path.join(entry.parentPath, entry.name));
			expect(mode & 0o777, entry.name).toBe(entry.isDirectory() ? 0o700 : 0o600);
		}
		expect((await stat(keys)).mode & 0o777).toBe(0o700);
	});

	it.each(['.', 'days', 'secrets', 'keyring.age', `days/${day}.age`, 'secrets/service-web.age'])(
		'does not open when %s is open to others',
		async (place) => {
			const ring = await openKeyring(keys, master);
			await ring.recipientFor(day);
			await ring.writeSecret('service-web', 'word');
			const { mode } = await stat(path.join(keys, place));
			for (const wider of [0o040, 0o020, 0o004, 0o001]) {
				await chmod(path.join(keys, place), mode | wider);
				await expect(openKeyring(keys, master)).rejects.toMatchObject({
					kind: 'unavailable',
					reason: 'keyring_open_to_others'
				});
			}
		}
	);

	it('gives no key that became open to others since it was opened', async () => {
		const ring = await openKeyring(keys, master);
		await ring.recipientFor(day);
		await ring.writeSecret('service-web', 'word');
		await chmod(fileOf(day), 0o640);
		await chmod(path.join(keys, 'secrets', 'service-web.age'), 0o604);
		const asks = [() => ring.identityFor(day), () => ring.recipientFor(day), () => ring.readSecret('service-web')];
		for (const ask of asks) {
			await expect(ask()).rejects.toMatchObject({ reason: 'keyring_open_to_others' });
		}
	});

	it('opens with its own master key only', async () => {
		await expect(openKeyring(keys, await newMasterKey())).rejects.toMatchObject({
			kind: 'unavailable',
			reason: 'master_key_wrong'
		});
		await expect(openKeyring(path.join(folder, 'none'), master)).rejects.toMatchObject({
			kind: 'unavailable',
			reason: 'keyring_unreadable'
		});
		await expect(createKeyring(keys, master)).rejects.toMatchObject({ reason: 'keyring_exists' });
		await openKeyring(keys, master);
	});

	it('does not open in a format that it does not know', async () => {
		const recipient = await identityToRecipient(master);
		await writeFile(path.join(keys, 'keyring.age'), age(['-r', recipient], Buffer.from('kuuntelupiste keyring 2')));
		await expect(openKeyring(keys, master)).rejects.toMatchObject({
			kind: 'unavailable',
			reason: 'keyring_unreadable'
		});
	});

	it('repeats a mistyped master key nowhere, and makes nothing with it', async () => {
		const mistyped = `${master.slice(0, -1)}${master.endsWith('Q') ? 'P' : 'Q'}`;
		for (const wrong of [mistyped, mistyped.toLowerCase(), 'AGE-SECRET-KEY-1', 'a password', '']) {
			for (const ask of [() => openKeyring(keys, wrong), () => createKeyring(path.join(folder, 'other'), wrong)]) {
				const said: unknown = await ask().catch((cause: unknown) => cause);
				expect(said).toMatchObject({ kind: 'unavailable', reason: 'master_key_wrong' });
				expect(inspect(said, { depth: null }).toLowerCase()).not.toContain(mistyped.slice(16, 50).toLowerCase());
			}
		}
		expect(await readdir(folder)).toEqual(['keys']);
	});

	it('notices at once that a day’s key was destroyed', async () => {
		const ring = await openKeyring(keys, master);
		await ring.recipientFor(day);
		await ring.identityFor(day);
		await rm(fileOf(day));
		await expect(ring.identityFor(day)).rejects.toMatchObject({ kind: 'missing', reason: 'day_key_destroyed' });
	});

	it.each(['keys', 'keys/days'])('does not take %s being away for a destruction', async (place) => {
		const ring = await openKeyring(keys, master);
		await ring.recipientFor(day);
		await rename(path.join(folder, place), path.join(folder, 'away'));
		for (const ask of [() => ring.identityFor(day), () => ring.recipientFor(day)]) {
			await expect(ask()).rejects.toMatchObject({ kind: 'unavailable', reason: 'keyring_unreadable' });
		}
		await rename(path.join(folder, 'away'), path.join(folder, place));
		await ring.identityFor(day);
	});

	it('destroys a day’s key for every opening of it, also one that another process made since', async () => {
		const [ring, other] = [await openKeyring(keys, master), await openKeyring(keys, master)];
		await other.recipientFor(day);
		await other.recipientFor('2026-11-24');
		await ring.identityFor(day);
		// As a process leaves it that was killed between the two names of a new key.
		await link(fileOf(day), `${fileOf(day)}.0b0d.new`);
		const handle = await open(fileOf(day), 'r');
		const before = await readFile(fileOf(day));
		expect(await ring.destroy({ day })).toBe(true);
		// Whoever still holds the file open reads noise.
		const after = await handle.readFile().finally(() => handle.close());
		expect(after.length).toBe(before.length);
		expect(after.includes(before.subarray(0, 20))).toBe(false);
		expect(await readdir(path.join(keys, 'days'))).toEqual(['2026-11-24.age']);
		for (const one of [ring, other]) {
			await expect(one.identityFor(day)).rejects.toMatchObject({ kind: 'missing', reason: 'day_key_destroyed' });
			await one.identityFor('2026-11-24');
		}
		expect(await ring.destroy({ day })).toBe(false);
	});

	it('finishes a destruction that was cut short after the overwriting', async () => {
		const ring = await openKeyring(keys, master);
		await ring.recipientFor(day);
		const killed = () => {
			throw new Error('killed');
		};
		await expect(ring.destroy({ day }, { onOverwritten: killed })).rejects.toThrow('killed');
		const later = await openKeyring(keys, master);
		await expect(later.identityFor(day)).rejects.toMatchObject({ reason: 'keyring_unreadable' });
		expect(await later.destroy({ day })).toBe(true);
		await expect(later.identityFor(day)).rejects.toMatchObject({ reason: 'day_key_destroyed' });
	});

	it('keeps a recording’s own key beside its day’s, and names each by its fingerprint', async () => {
		const ring = await openKeyring(keys, master);
		const recording = 'r0123456789abcd';
		const recipients = [await ring.recipientFor(day), await ring.ownRecipientFor(recording)];
		expect(await ring.list()).toEqual({ days: [day], recordings: [recording] });
		const prints = [await ring.fingerprintOf({ day }), await ring.fingerprintOf({ recording })];
		expect(prints).toEqual(recipients.map((recipient) => createHash('sha256').update(recipient).digest('hex')));
		const call = { id: recording, keyDay: day };
		expect(await ring.identityOf({ ...call, ownKey: false })).toBe(await ring.identityFor(day));
		expect(await identityToRecipient(await ring.identityOf({ ...call, ownKey: true }))).toBe(recipients[1]);
		await ring.destroy({ day });
		await ring.identityOf({ ...call, ownKey: true });
		expect(await ring.fingerprintOf({ day })).toBeUndefined();
		expect(await ring.destroy({ recording })).toBe(true);
		expect(await ring.list()).toEqual({ days: [], recordings: [] });
	});

	it('makes a place for own keys in a keyring of an earlier time', async () => {
		await rm(path.join(keys, 'own'), { recursive: true });
		const ring = await openKeyring(keys, master);
		await ring.ownRecipientFor('r0123456789abcd');
		expect((await stat(path.join(keys, 'own'))).mode & 0o777).toBe(0o700);
	});

	it('gives nothing of a key file that was damaged, or that another master key made', async () => {
		const ring = await openKeyring(keys, master);
		await ring.recipientFor(day);
		await ring.writeSecret('service-web', 'word');
		const secret = path.join(keys, 'secrets', 'service-web.age');
		for (const file of [fileOf(day), secret, path.join(keys, 'keyring.age')]) {
			const bytes = await readFile(file);
			bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
			await writeFile(file, bytes);
		}
		const asks = [() => ring.identityFor(day), () => ring.readSecret('service-web'), () => openKeyring(keys, master)];
		for (const ask of asks) {
			await expect(ask()).rejects.toMatchObject({ kind: 'unavailable', reason: 'keyring_unreadable' });
		}
		await writeFile(secret, age(['-r', await identityToRecipient(await newMasterKey())], Buffer.from('word')));
		await expect(ring.readSecret('service-web')).rejects.toMatchObject({ reason: 'master_key_wrong' });
	});

	it('keeps secrets by name, the last one written, also for who opens it later', async () => {
		const ring = await openKeyring(keys, master);
		await expect(ring.readSecret('service-web')).rejects.toMatchObject({ kind: 'missing', reason: 'secret' });
		await ring.writeSecret('service-web', 'the first word');
		await ring.writeSecret('service-web', 'sanä 2\n');
		await ring.writeSecret('service-intake', '');
		const later = await openKeyring(keys, master);
		expect(await later.readSecret('service-web')).toBe('sanä 2\n');
		expect(await later.readSecret('service-intake')).toBe('');
		expect((await readdir(path.join(keys, 'secrets'))).sort()).toEqual(['service-intake.age', 'service-web.age']);
	});

	it.each(['', '../keyring', 'a/b', 'A', '.', 'name\0', '-x'])('has no place for a name like %j', async (name) => {
		const ring = await openKeyring(keys, master);
		await expect(ring.readSecret(name)).rejects.toMatchObject({ kind: 'invalid' });
		await expect(ring.writeSecret(name, 'word')).rejects.toMatchObject({ kind: 'invalid' });
		await expect(ring.recipientFor(name)).rejects.toMatchObject({ kind: 'invalid' });
		await expect(ring.identityFor(name)).rejects.toMatchObject({ kind: 'invalid' });
	});

	it('holds no key and no secret in the open', async () => {
		const ring = await openKeyring(keys, master);
		await ring.recipientFor(day);
		await ring.writeSecret('service-web', 'a password of a service');
		const identity = await ring.identityFor(day);
		const files = (await readdir(keys, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
		expect(files.map(({ name }) => name).sort()).toEqual([`${day}.age`, 'keyring.age', 'service-web.age']);
		for (const file of files) {
			const bytes = await readFile(path.join(file.parentPath, file.name));
			for (const secret of ['AGE-SECRET-KEY', identity.slice(20, 40), 'a password']) {
				expect(bytes.includes(secret), `${secret.slice(0, 5)}… in ${file.name}`).toBe(false);
			}
		}
	});

	it('gives a day’s key to age itself, and that opens the day’s recordings', async () => {
		const ring = await openKeyring(keys, master);
		const recording = await seal(Buffer.from('what was said'), await ring.recipientFor(day));
		const nextDay = await seal(Buffer.from('another day'), await ring.recipientFor('2026-11-24'));
		await writeFile(path.join(folder, 'master'), `${master}\n`, { mode: 0o600 });
		const exported = age(['-d', '-i', path.join(folder, 'master'), fileOf(day)]);
		expect(exported.toString()).toBe(await ring.identityFor(day));
		const identityFile = path.join(folder, 'day');
		await writeFile(identityFile, exported, { mode: 0o600 });
		expect(age(['-d', '-i', identityFile], recording).toString()).toBe('what was said');
		expect(() => age(['-d', '-i', identityFile], nextDay)).toThrow('said no');
	});
});
