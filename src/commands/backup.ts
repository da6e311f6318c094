import { Command } from 'commander';
import { backUp } from '#backup/backup.ts';
import { readSettings } from '#settings.ts';
import { withBar } from './bar.ts';
import { carryOut } from './beside.ts';

export const backupCommand = new Command('backup')
	.description('copy the register, beside the running server, and its keys to another place; both are read again')
	.argument('<folder>', 'where the copies of the register go; they hold nothing that plays')
	.requiredOption('--keys <folder>', 'where the copies of the keys go: elsewhere; each is destroyed after 7 days')
	.action(async (to: string, { keys }: { keys: string }) => {
		const settings = readSettings(process.env);
		const began = Date.now();
		const made = await withBar('backup', 'files', (show) =>
			backUp(
				{ data: settings.data, to, keysTo: keys },
				{
					at: new Date(),
					begin: () => carryOut(settings, 'noteBackup', {}),
					onProgress: (_step, done, of) => show(done, of)
				}
			)
		);
		const gone = made.gone > 0 ? ` (${made.gone} of them destroyed meanwhile)` : '';
		console.log(`${made.folder}: ${made.recordings} recordings${gone}, ${made.entries} entries of the access log`);
		const old = made.keysDestroyed > 0 ? `; ${made.keysDestroyed} old copies of the keys destroyed` : '';
		console.log(`${made.keysFolder}: the keys${old}`);
		console.log(`Read again and found whole; ${((Date.now() - began) / 1000).toFixed(1)} s.`);
	});
