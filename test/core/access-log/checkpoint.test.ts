import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { appendFile, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSigningKey } from '#access-log/keys.ts';
import { canonical, hashOf } from '#access-log/canonical.ts';
import { verify } from '#access-log/verify.ts';
import { entry } from './entries.ts';
import { newFolder, newPlace, openLog, signingKeyIn } from './folder.ts';

const notesOf = (folder: string) => readFile(path.join(folder, 'checkpoints.txt'), 'utf8').catch(() => '');

/** Where a verifier key of c2sp.org/signed-note has its name, its id and its Ed25519 key; written without our code. */
function readKey(text: string) {
	const [name = '', id = '', ...rest] = text.split('+');
	const typed = Buffer.from(rest.join('+'), 'base64');
	const hash = createHash('sha256').update(`${name}\n`).update(typed).digest('hex');
	return { name, id, idThatItShouldHave: hash.slice(0, 8), type: typed[0], raw: typed.subarray(1) };
}

describe('a checkpoint', () => {
	it('is a signed note as C2SP describes it, over the number of entries and the hash of the last', async () => {
		const folder = await newPlace();
		const key = readKey(await createSigningKey(folder));
		// The key of the format's own example shows that this reading is right.
		const example = readKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
		expect(example.idThatItShouldHave).toBe(example.id);
		expect(key).toMatchObject({ name: 'kuuntelupiste/access-log', id: key.idThatItShouldHave, type: 1 });

		const log = await openLog(folder);
		await log.append([entry(1), entry(2)]);
		const last = (await log.read({ limit: 1 }))[0];
		await log.close();
		const note = await notesOf(folder);
		const [text = '', signature = ''] = note.split(/(?<=\n)\n/);
		expect(text.split('\n')).toEqual([
			'kuuntelupiste/access-log',
			'2',
			Buffer.from(hashOf(canonical(last ?? {})), 'hex').toString('base64'),
			expect.stringMatching(/^at \d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
			''
		]);
		const [, name, coded = ''] = /^— (\S+) (\S+)\n$/.exec(signature) ?? [];
		expect(name).toBe(key.name);
		const bytes = Buffer.from(coded, 'base64');
		expect(bytes.subarray(0, 4).toString('hex')).toBe(key.id);
		const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.raw.toString('base64url') };
		const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
		expect(verifySignature(null, Buffer.from(text), publicKey, bytes.subarray(4))).toBe(true);
	});

	it('comes with the first entry, then after half a minute for all that came meanwhile', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
		onTestFinished(() => void vi.useRealTimers());
		const folder = await newFolder();
		const log = await openLog(folder);
		const sizes = async () => [...(await notesOf(folder)).matchAll(/^\d+$/gm)].map(([size]) => Number(size));
		const until = async (count: number) => {
			while ((await sizes()).length < count) await turn();
		};
		await log.append(entry(1));
		vi.advanceTimersByTime(0);
		await until(1);
		for (const number of [2, 3, 4]) {
			await log.append(entry(number));
			vi.advanceTimersByTime(9_000);
		}
		vi.advanceTimersByTime(3_000);
		await until(2);
		await log.append(entry(5));
		await log.close();
		expect(await sizes()).toEqual([1, 4, 5]);
		// Nothing new, nothing signed.
		await (await openLog(folder)).close();
		expect(await sizes()).toEqual([1, 4, 5]);
	});

	it('stands in the second place too, and its absence there is noticed and stops nothing', async () => {
		const [folder, second] = [await newFolder(), await newPlace()];
		let log = await openLog(folder, second);
		await log.append(entry(1));
		await log.close();
		expect(log.checkpointsUnreachedSince).toBeUndefined();
		expect(await notesOf(second)).toBe(await notesOf(folder));

		await rm(second, { recursive: true });
		log = await openLog(folder, second);
		await log.append(entry(2));
		await log.close();
		expect(log.checkpointsUnreachedSince).toBeInstanceOf(Date);
		expect(await verify(folder)).toMatchObject({ intact: true, entries: 2, checkpoint: { size: 2 } });
	});

	it('is brought to the second place when that is back, although no entry arrives, and a hanging one keeps nobody waiting', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
		onTestFinished(() => void vi.useRealTimers());
		const [folder, second] = [await newFolder(), await newPlace()];
		const away = `${second}-away`;
		await rename(second, away);
		const log = await openLog(folder, second);
		await log.append(entry(1));
		vi.advanceTimersByTime(0);
		while (!(await notesOf(folder))) await turn();
		await vi.waitUntil(async () => (await turn(), log.checkpointsUnreachedSince));
		await rename(away, second);
		for (let halves = 0; halves < 3 && !(await notesOf(second)); halves++) {
			vi.advanceTimersByTime(30_000);
			for (let turns = 0; turns < 200; turns++) await turn();
		}
		expect(await notesOf(second)).toBe(await notesOf(folder));
		// It can be read a moment before it is known to be on the disk.
		await vi.waitUntil(async () => (await turn(), !log.checkpointsUnreachedSince));
		expect(log.checkpointsUnreachedSince).toBeUndefined();
		vi.useRealTimers();
		await log.close();

		// Opening a pipe that nobody reads waits as a share does that has gone away.
		const pipe = await newPlace();
		execFileSync('mkfifo', [path.join(pipe, 'checkpoints.txt')]);
		const hung = await openLog(folder, pipe);
		await hung.append([entry(2), entry(3)]);
		await expect.poll(() => hung.checkpointsUnreachedSince).toBeInstanceOf(Date);
		await expect.poll(async () => (await notesOf(folder)).match(/^3$/m)).toBeTruthy();
		const reader = await open(path.join(pipe, 'checkpoints.txt'), constants.O_RDONLY | constants.O_NONBLOCK);
		await hung.close();
		await reader.close();
	});

	it('that a power failure cut short does not spoil the next ones', async () => {
		const folder = await newFolder();
		let log = await openLog(folder);
		await log.append(entry(1));
		await log.close();
		const whole = await notesOf(folder);
		for (const length of [1, 30, 100, whole.length - 1]) {
			await appendFile(path.join(folder, 'checkpoints.txt'), whole.slice(0, length));
			log = await openLog(folder);
			await log.append(entry(2));
			await log.close();
			expect((await notesOf(folder)).startsWith(whole)).toBe(true);
			expect(await verify(folder)).toMatchObject({ intact: true });
		}
	});

	it('is never signed with a key made over an older one', async () => {
		const folder = await newFolder();
		const before = await readFile(await signingKeyIn(folder));
		await expect(createSigningKey(folder)).rejects.toThrow('EEXIST');
		expect(await readFile(await signingKeyIn(folder))).toEqual(before);
	});
});
