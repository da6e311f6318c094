import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { verify } from '#access-log/verify.ts';
import { restore } from '#backup/restore.ts';
import { Failure } from '#failures.ts';
import { each } from '#pocketbase/each.ts';
import { opensWhole } from '#recordings/read-back.ts';
import { recordings } from '#recordings/recording.ts';
import { openDatabase } from '#register.server.ts';
import { readSettings, type Settings } from '#settings.ts';
import { masterKeyOf } from '../master-key.ts';
import { withBar } from './bar.ts';
import { carryOut, withRegister } from './beside.ts';
import { destroyAgain } from './restore.ts';
import { wholeNumber } from './whole-number.ts';

interface Options {
	keys: string;
	in: string;
	sample: number;
}

export const drillCommand = new Command('drill')
	.description('try whether a backup can be restored: elsewhere, beside the running server, and remove it again')
	.argument('<folder>', 'one copy of the register')
	.requiredOption('--keys <folder>', 'one copy of the keys: of the same time or later')
	.option('--in <folder>', 'where there is room for the register once more', os.tmpdir())
	.option('--sample <number>', 'how many recordings are opened, whole', wholeNumber, 100)
	.action(async (from: string, { keys, in: room, sample }: Options) => {
		const settings = readSettings(process.env);
		const began = Date.now();
		const data = await mkdtemp(path.join(room, 'kuuntelupiste-drill-'));
		try {
			const restored = await withBar('drill', 'files', (show) =>
				restore(
					data,
					{ from, keysFrom: keys },
					() => masterKeyOf(settings),
					(_step, done, of) => show(done, of)
				)
			);
			// A register of its own: no port, no second place and no journal of the real one's.
			const elsewhere = {
				...settings,
				data,
				pocketbasePort: 0,
				pocketbaseUrl: undefined,
				checkpoints: undefined,
				masterKey: await masterKeyOf(settings)
			};
			const { destroyed, amiss, opened } = await look(elsewhere, restored.recordings, sample);
			const verdict = await verify(path.join(data, 'access-log'));
			if (amiss > 0 || !verdict.intact) {
				throw new Failure('invalid', 'drill_failed', {
					detail: verdict.intact
						? `${amiss} recordings of the restored register have no file or no key.`
						: `The restored access log is broken at entry ${verdict.sequence}: ${verdict.fault}.`
				});
			}
			const left = restored.recordings - destroyed;
			await carryOut(settings, 'noteDrill', { recordings: left });
			console.log(`${left} recordings restored, ${destroyed} destroyed again, ${opened} opened whole`);
			console.log(`The access log has ${verdict.entries} entries, intact.`);
			console.log(`The restored register is removed again; ${((Date.now() - began) / 1000).toFixed(1)} s.`);
		} finally {
			await rm(data, { recursive: true, force: true });
		}
	});

/** What the restored register is like: every recording has its file and its key, and some of them open whole. */
function look(settings: Settings, restored: number, sample: number) {
	return withRegister(settings, async (register) => {
		const again = await destroyAgain(register, restored);
		const { service } = await openDatabase(register.keyring, register.pocketbase.url, 'intake');
		let opened = 0;
		// The ids are random, so the first of them are any.
		for await (const one of each(recordings(service), { filter: '' })) {
			if (opened >= sample) break;
			if (!(await opensWhole(service, one, await register.keyring.identityOf(one), one.audioSha256))) {
				throw new Failure('invalid', 'drill_failed', { detail: `The restored recording ${one.id} does not open.` });
			}
			opened++;
		}
		return { ...again, opened };
	});
}
