import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { intake } from '#recordings/intake.ts';
import { rejections } from '#recordings/rejection.ts';
import { readSettings, type Settings } from '#settings.ts';
import { people } from '#staff/person.ts';
import { withDatabase } from './database.ts';

export const importCommand = new Command('import')
	.description("take in a recorder's export: calls.csv and the audio files beside it (exit 1 if a row was rejected)")
	.argument('<folder>', 'the folder of the export; it is only read')
	.action((folder: string) => importFolder(readSettings(process.env), folder));

/** Imports one folder and says how it went, each rejected row by its line. A rejected row makes the exit code 1. */
export async function importFolder(settings: Settings, folder: string): Promise<void> {
	const { imported, known, rejected, warnings } = await withDatabase(settings, 'intake', (open) => {
		const client = open.pocketbase.service;
		const employeeOf = (name: string) => people(client).first({ filter: 'sign_in_name = {:name}', params: { name } });
		const ground = { client, keyring: open.keyring, now: () => new Date(), employeeOf };
		return withBar((onProgress) => intake(ground, folder, { onProgress }));
	});
	for (const { line, reason } of rejected) console.error(`line ${line}: ${rejections[reason]}`);
	for (const { line, differenceMs } of warnings) {
		const seconds = (Math.abs(differenceMs) / 1000).toFixed(1);
		const how = differenceMs < 0 ? 'shorter' : 'longer';
		console.error(`line ${line}: imported, but the audio is ${seconds} s ${how} than the call`);
	}
	console.log(`${imported} imported, ${known} already known, ${rejected.length} rejected`);
	if (rejected.length > 0) process.exitCode = 1;
}

/** Shows how far the work is, on a terminal only. */
async function withBar<T>(work: (onProgress: (done: number, total: number) => void) => Promise<T>): Promise<T> {
	if (!process.stderr.isTTY) return work(() => undefined);
	const bar = new SingleBar({ format: 'import [{bar}] {value}/{total} calls, {eta_formatted} to go' });
	bar.start(0, 0);
	try {
		return await work((done, total) => {
			bar.setTotal(total);
			bar.update(done);
		});
	} finally {
		bar.stop();
	}
}
