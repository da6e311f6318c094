import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { verify } from '#access-log/verify.ts';
import { entry } from './entries.ts';
import { newFolder, newPlace, numbersIn, openLog, signingKeyIn } from './folder.ts';
import { startWriter } from './writing.ts';

const unwritable = expect.objectContaining({ kind: 'unavailable', reason: 'access_log_unwritable' });

// The administrator's right to write what is read-only would hide the fault.
const heedingRights =
	process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--'] : [];

const inSpace = ['unshare', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']), '--mount'];
const canMount =
	spawnSync(inSpace[0] ?? '', [...inSpace.slice(1), 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
if (!canMount) console.error('skipped: the test on a full disk, since nothing may be mounted on this machine');

describe('when the log cannot be written', () => {
	it('says no on a full disk, keeps what was acknowledged, and goes on when there is room', async () => {
		const folder = await newFolder();
		const log = await openLog(folder);
		await log.append(entry(3_000_000));
		await log.close();
		// So many checkpoints that the next one fits only in part.
		const notes = path.join(folder, 'checkpoints.txt');
		const note = await readFile(notes, 'utf8');
		await writeFile(notes, note.repeat(Math.floor(300_000 / Buffer.byteLength(note))));
		// The kernel ends every file of the process there, as a full disk does, whoever runs the test.
		const writer = startWriter(folder, ['prlimit', '--fsize=300000:', '--']);
		expect(await writer.line()).toBe('open');
		const acknowledged: number[] = [];
		// A first refusal may make room by tidying up; full is when it stays so.
		for (let [number, refusals] = [0, 0]; refusals < 3; number++) {
			const answer = await writer.write(number);
			if (answer === `done ${number}`) acknowledged.push(number);
			else expect(answer).toBe(`failed ${number} access_log_unwritable`);
			refusals = answer === `done ${number}` ? 0 : refusals + 1;
		}
		expect(acknowledged.length).toBeGreaterThan(20);

		execFileSync('prlimit', ['--pid', String(writer.process.pid), '--fsize=unlimited:']);
		expect(await writer.write(2_000_000)).toBe('done 2000000');
		await writer.end();

		expect(await verify(folder)).toMatchObject({ intact: true });
		const written = Map.groupBy(await numbersIn(folder), (one) => one);
		for (const one of [...acknowledged, 2_000_000]) expect(written.get(one)).toHaveLength(3);
		written.delete(3_000_000);
		for (const batch of written.values()) expect(batch).toHaveLength(3);
	});

	it.skipIf(!canMount)(
		'on a full disk still writes what ends a listening, and nothing else until there is room for both',
		async () => {
			const place = await newPlace();
			// A disk of its own, of eight megabytes, in a name space that ends with the process.
			const disk = `mount -t tmpfs -o size=8m tmpfs ${place} && exec "$@"`;
			const writer = startWriter(place, [...inSpace, 'sh', '-c', disk, 'sh'], 'new');
			expect(await writer.line()).toBe('open');
			expect(await writer.write(1)).toBe('done 1');
			expect(await writer.tell('fill')).toBe('full');
			expect(await writer.write(2)).toBe('failed 2 access_log_unwritable');
			for (let number = 10; number < 60; number++)
				expect(await writer.tell(`end ${number}`)).toBe(`done end ${number}`);
			expect(await writer.write(3)).toBe('failed 3 access_log_unwritable');
			expect(await writer.tell('free')).toBe('free');
			expect(await writer.write(4)).toBe('done 4');
			expect(JSON.parse((await writer.tell('verify')) ?? '')).toMatchObject({ intact: true, entries: 3 + 50 + 3 });
			await writer.end();
		}
	);

	it('says no in a folder that becomes read-only, and goes on when it is writable again', async () => {
		const folder = await newFolder();
		const writer = startWriter(folder, heedingRights);
		expect(await writer.line()).toBe('open');
		expect(await writer.write(1)).toBe('done 1');
		await chmod(folder, 0o500);
		expect(await writer.write(2)).toBe('failed 2 access_log_unwritable');
		await chmod(folder, 0o700);
		expect(await writer.write(3)).toBe('done 3');
		await writer.end();
		expect(await verify(folder)).toMatchObject({ intact: true, entries: 6 });
	});

	it('does not open in a read-only folder', async () => {
		const folder = await newFolder();
		await (await openLog(folder)).close();
		await chmod(folder, 0o500);
		expect(await startWriter(folder, heedingRights).line()).toBe('refused access_log_unwritable');
		await chmod(folder, 0o700);
	});

	it('does not begin a new log where the old one was taken away, and goes on when it is back', async () => {
		const folder = await newFolder();
		const file = path.join(folder, 'log.db');
		const log = await openLog(folder);
		await log.append(entry(1));
		await rename(file, `${file}.away`);
		await expect(log.append(entry(2))).rejects.toEqual(unwritable);
		await rename(`${file}.away`, file);
		await log.append(entry(3));
		await log.close();
		expect(await numbersIn(folder)).toEqual([1, 3]);
	});

	it('does not write on in an older copy of itself', async () => {
		const folder = await newFolder();
		const file = path.join(folder, 'log.db');
		await (await openLog(folder)).close();
		await copyFile(file, `${file}.old`);
		const log = await openLog(folder);
		await log.append(entry(1));
		await rename(`${file}.old`, file);
		await rm(`${file}-wal`);
		await rm(`${file}-shm`);
		await expect(log.append(entry(2))).rejects.toEqual(unwritable);
		await log.close();
	});

	it('does not open on a file that is no log, or without its signing key', async () => {
		const folder = await newFolder();
		await writeFile(path.join(folder, 'log.db'), 'x'.repeat(10_000));
		await expect(openLog(folder)).rejects.toEqual(unwritable);
		const key = await signingKeyIn(folder);
		const pem = await readFile(key, 'utf8');
		await writeFile(key, pem.slice(0, 60));
		await expect(openLog(folder)).rejects.toMatchObject({ kind: 'unavailable', reason: 'signing_key' });
		await rm(path.join(folder, 'log.db'));
		await writeFile(key, pem);
		await (await openLog(folder)).close();
	});

	it('takes nothing after it was closed', async () => {
		const log = await openLog(await newFolder());
		await log.close();
		await expect(log.append(entry(1))).rejects.toEqual(unwritable);
	});
});

describe('the one writer', () => {
	it('keeps another process and another opening out, and lets them in when it has gone', async () => {
		const folder = await newFolder();
		const log = await openLog(folder);
		await expect(openLog(folder)).rejects.toMatchObject({ kind: 'conflict', reason: 'access_log_in_use' });
		expect(await startWriter(folder).line()).toBe('refused access_log_in_use');
		// Neither try has freed the lock.
		expect(await startWriter(folder).line()).toBe('refused access_log_in_use');
		await log.append(entry(1));
		await log.close();
		expect(await startWriter(folder).line()).toBe('open');
	});
});
