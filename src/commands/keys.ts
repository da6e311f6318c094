import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { openAccessLog } from '#access-log/log.ts';
import { Failure } from '#failures.ts';
import { termOfDay } from '#recordings/term.ts';
import { openKeys } from '#register.server.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { rotateMaster } from '#sealing/master-rotation.ts';
import { readSettings } from '#settings.ts';
import { isDemo, masterKeyOf } from '../master-key.ts';
import { mustBeFounded } from './database.ts';
import { exportDayCommand } from './export-day.ts';

const statusCommand = new Command('status')
	.description('how many keys there are, of which days, and which should be gone by now (exit 1)')
	.action(async () => {
		const settings = readSettings(process.env);
		mustBeFounded(settings);
		const { days, recordings } = await (await openKeys(settings)).list();
		const span = days.length > 0 ? `, ${days[0]} to ${days.at(-1)}` : '';
		console.log(`${days.length} day keys${span}; ${recordings.length} keys of held recordings`);
		const overdue = days.filter((day) => termOfDay(day) <= new Date());
		for (const day of overdue) console.error(`${day}: its six months are over; the next sweep destroys it`);
		if (overdue.length > 0) process.exitCode = 1;
	});

const rotateCommand = new Command('rotate-master')
	.description('encrypt the keyring anew under another master key; the server must not be running')
	.requiredOption('--to <file>', 'the file of the new master key; it is made when it is not there')
	.action(async ({ to }: { to: string }) => {
		const settings = readSettings(process.env);
		mustBeFounded(settings);
		if (isDemo(settings)) {
			throw new Failure('conflict', 'demo', { detail: "The demo's master key lies open; it is not rotated." });
		}
		const from = await masterKeyOf(settings);
		const next = await readFile(to, 'utf8').catch(async () => {
			const made = await newMasterKey();
			await writeFile(to, `${made}\n`, { flag: 'wx', mode: 0o600 });
			return made;
		});
		const { checkpoints } = settings;
		// Whoever holds the log's lock is the only process that is at work on this folder.
		const log = await openAccessLog(path.join(settings.data, 'access-log'), { now: () => new Date(), checkpoints });
		try {
			await log.append({ action: 'rotate_master_key', role: 'system', purpose: 'administration', outcome: 'done' });
			const files = await rotateMaster(path.join(settings.data, 'keys'), from, next.trim());
			console.log(`${files} files of the keyring are under the new master key, and the old one opens none.`);
			console.log(`Start the server with KUUNTELUPISTE_MASTER_KEY_FILE=${path.resolve(to)}, and destroy the old key.`);
		} finally {
			await log.close();
		}
	});

export const keysCommand = new Command('keys')
	.description('the keys under which the recordings are sealed')
	.addCommand(statusCommand)
	.addCommand(rotateCommand)
	.addCommand(exportDayCommand);
