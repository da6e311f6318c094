import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openAccessLog } from '#access-log/log.ts';
import { backUp } from '#backup/backup.ts';
import { fill } from '#pocketbase/filling.ts';
import { helsinkiDay } from '#sealing/day.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { seal } from '#sealing/seal.ts';
import { foundForOne } from '../../support/one-agent.ts';
import { addAlike, sealedName } from './rows.ts';

type Note = (work: string, size: number, ms: number) => void;

/**
 * Backups at several sizes, with their reading again, beside cp of the same folder and a sync. The sounds are 4 kB: it is
 * the number of files that is looked at, for bytes cost what the disk makes of them.
 */
export async function backups(sizes: readonly number[], note: Note): Promise<void> {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-bench-'));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	const data = path.join(folder, 'data');
	const { agent: employee, keyring, stop } = await foundForOne(data, await newMasterKey());
	await stop();
	const answered = new Date(Date.now() - 24 * 3600_000);
	const day = helsinkiDay(answered);
	const sound = randomBytes(4000);
	const sealed = await seal(sound, await keyring.recipientFor(day));

	const log = await openAccessLog(path.join(data, 'access-log'), { now: () => new Date() });
	const line = { action: 'make_backup', role: 'system', outcome: 'done' } as const;
	let filled = 0;
	for (const size of sizes) {
		await fill(data, 'recordings', async ({ database, write }) => {
			const alike = { employee, answered, day, bytes: sound.length };
			addAlike(database, size - filled, alike, (id) => write(id, sealedName, sealed));
		});
		await log.append(Array.from({ length: size - filled }, () => line));
		filled = size;
		const [to, keysTo] = [path.join(folder, 'copies'), path.join(folder, 'keys')];
		const began = performance.now();
		const made = await backUp(
			{ data, to, keysTo },
			{ at: new Date(), begin: () => log.append(line), onProgress: () => undefined }
		);
		if (made.recordings !== size) throw new Error(`${made.recordings} of ${size} were copied`);
		note('backup', size, performance.now() - began);
		const beganBare = performance.now();
		execFileSync('cp', ['-a', data, path.join(folder, 'bare')]);
		execFileSync('sync', ['-f', folder]);
		note('bare cp -a and sync', size, performance.now() - beganBare);
		for (const place of [to, keysTo, path.join(folder, 'bare')]) rmSync(place, { recursive: true });
	}
	await log.close();
	rmSync(folder, { recursive: true });
}
