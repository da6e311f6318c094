import path from 'node:path';
import { Command } from 'commander';
import { verify } from '#access-log/verify.ts';
import { restore } from '#backup/restore.ts';
import { share } from '#pocketbase/folder.ts';
import { reconcile } from '#retention/reconcile.ts';
import type { Register } from '#register.server.ts';
import { readSettings } from '#settings.ts';
import { masterKeyOf } from '../master-key.ts';
import { withBar } from './bar.ts';
import { withRegister } from './beside.ts';

interface Options {
	keys: string;
	log?: string;
}

export const restoreCommand = new Command('restore')
	.description(
		'put a backup into an empty data folder, and destroy again what was destroyed since (exit 1 if not whole)'
	)
	.argument('<folder>', 'one copy of the register')
	.requiredOption('--keys <folder>', 'one copy of the keys: of the same time or later')
	.option('--log <folder>', 'the access log as it was last, if it outlived the rest: no entry is lost then')
	.action(async (from: string, { keys, log }: Options) => {
		const settings = readSettings(process.env);
		const began = Date.now();
		const restored = await withBar('restore', 'files', (show) =>
			restore(
				settings.data,
				{ from, keysFrom: keys, log },
				(data) => masterKeyOf({ ...settings, data }),
				(_step, done, of) => show(done, of)
			)
		);
		// The PocketBase that runs by itself is stopped, and starts on what is whole.
		const { destroyed, amiss } = await withRegister({ ...settings, pocketbaseUrl: undefined }, (register) =>
			destroyAgain(register, restored.recordings)
		);
		await share(settings.data);
		console.log(`${restored.recordings - destroyed} recordings restored, ${destroyed} destroyed again`);
		const { entries, lastAt } = restored.log;
		const minutes = Math.round((began - (lastAt ?? restored.made).getTime()) / 60_000);
		console.log(
			`The access log has ${entries} entries, the last of ${minutes} minutes ago: what was done since is lost.`
		);
		if (amiss > 0) console.error(`${amiss} recordings have no file or no key: kuuntelupiste reconcile names them.`);
		const verdict = await verify(path.join(settings.data, 'access-log'), { checkpoints: settings.checkpoints });
		if (!verdict.intact) console.error(notWhole(verdict));
		if (amiss > 0 || !verdict.intact) process.exitCode = 1;
		console.log(`${((Date.now() - began) / 1000).toFixed(1)} s.`);
	});

/** Whoever restores has agreed to what the calendar destroys. */
export async function destroyAgain(
	register: Register,
	recordings: number
): Promise<{ destroyed: number; amiss: number }> {
	await register.accessLog.append({
		action: 'restore_backup',
		role: 'system',
		purpose: 'administration',
		outcome: 'done',
		measures: { recordings }
	});
	const first = await register.sweeps.run(register);
	const swept = first.stopped ? await register.sweeps.run(register, { agreed: first.stopped.due }) : first;
	const { found } = await register.sweeps.alone(() => reconcile(register, { remove: true }));
	return { destroyed: swept.recordings, amiss: found.missingFile.length + found.missingKey.length };
}

function notWhole({ sequence, fault }: { sequence: number; fault: string }): string {
	if (fault === 'truncated') {
		return `The checkpoints in the second place cover more than these ${sequence - 1} entries: so many at least are lost. Keep them for the auditor, and name a new folder in KUUNTELUPISTE_CHECKPOINTS.`;
	}
	return `The access log is broken at entry ${sequence}: ${fault}.`;
}
