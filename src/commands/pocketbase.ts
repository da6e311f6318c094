import { Command } from 'commander';
import { Failure } from '#failures.ts';
import { openJournal } from '#journal.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { startServer } from '#pocketbase/server.ts';
import { readSettings } from '#settings.ts';
import { mustBeFounded } from './database.ts';
import { notify, sayLastWords, toldToStop } from './service.ts';

export const pocketbaseCommand = new Command('pocketbase')
	.description('run PocketBase alone, under a user that cannot read the keys, until it is told to stop')
	.action(async () => {
		const settings = readSettings(process.env);
		const { data, pocketbaseUrl } = settings;
		if (!pocketbaseUrl) {
			throw new Failure('invalid', 'setting', {
				detail: 'Name the address in KUUNTELUPISTE_POCKETBASE_URL, for this command and for the server.'
			});
		}
		mustBeFounded(settings);
		const journal = openJournal(settings.journal);
		sayLastWords(journal);
		const server = await startServer({
			program: await findProgram(settings.pocketbaseBin),
			data,
			port: Number(new URL(pocketbaseUrl).port),
			announced: false,
			onMigrate: () =>
				journal.warn('the database is brought to this version; a copy is kept until the next destruction'),
			onSlow: () =>
				journal.warn('the database is still opening; after an update, with a million calls, it takes minutes'),
			onRestart: () => journal.error('PocketBase ended by itself and was started again')
		});
		notify('READY=1');
		console.log(`PocketBase answers at ${server.url}.`);
		await toldToStop();
		notify('STOPPING=1');
		await server.stop();
	});
