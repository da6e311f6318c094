import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { isFailure } from '#failures.ts';
import { intake, type Intake, type Orders } from '#recordings/intake.ts';
import { readMapping, type Mapping } from '#recordings/mapping.ts';
import type { Ground } from '#recordings/new-recording.ts';
import { writeReport } from '#recordings/quarantine.ts';
import { rejections } from '#recordings/rejection.ts';
import { begin } from '#recordings/runs.ts';
import { watch } from '#recordings/watch.ts';
import { readSettings, type Settings } from '#settings.ts';
import { people } from '#staff/person.ts';
import { withBar } from './bar.ts';
import { withDatabase } from './database.ts';

interface Options extends Omit<Orders, 'mapping' | 'onProgress'> {
	mapping?: Mapping;
	report?: string;
}

export const importCommand = new Command('import')
	.description("take in a recorder's export (exit 1 if a call was rejected)")
	.argument('<folder>', 'the folder of the export, or with --watch the folder of the exports')
	.option('--mapping <file>', "how another system's CSV or JSON is read")
	.option('--dry-run', 'say what would happen, and store nothing')
	.option('--remove-originals', "remove a call's files once it is stored, read back and opened")
	.option('--report <file>', 'where to write what was rejected; else intake/ in the data folder')
	.option('--watch', 'go on until told to stop: take each export when nothing of it changes any more')
	.action(async (folder: string, given: Omit<Options, 'mapping'> & { mapping?: string; watch?: boolean }) => {
		const { mapping: file, watch: watching, ...rest } = given;
		const mapping = file && readMapping(await readFile(file, 'utf8'));
		const options = { ...rest, ...(mapping ? { mapping } : {}) };
		const settings = readSettings(process.env);
		await (watching ? watchFolder(settings, folder, options) : importFolder(settings, folder, options));
	});

/** Imports one folder and says how it went, each rejected call by its line. A rejected one makes the exit code 1. */
export async function importFolder(settings: Settings, folder: string, options: Options = {}): Promise<void> {
	const result = await withGround(settings, (ground) => take(ground, folder, options));
	await say(settings, result, options);
}

async function watchFolder(settings: Settings, folder: string, options: Options): Promise<void> {
	const told = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => told.abort());
	await withGround(settings, async (ground) => {
		console.log('Watching; Ctrl-C ends it after the export in hand.');
		const taking = { everyMs: 5000, quietMs: 10_000, signal: told.signal };
		await watch(
			folder,
			async (one) => {
				try {
					await say(settings, await take(ground, one, options, { watching: true }), options);
				} catch (fault) {
					// An export that is none is told of, and the next one is looked at; a register that is away ends it.
					if (!isFailure(fault) || fault.kind === 'unavailable') throw fault;
					console.error(fault.detail ?? fault.message);
				}
			},
			taking
		);
	});
}

function withGround<T>(settings: Settings, work: (ground: Ground) => Promise<T>): Promise<T> {
	return withDatabase(settings, 'intake', ({ pocketbase: { service: client }, keyring }) => {
		const employeeOf = (name: string) => people(client).first({ filter: 'sign_in_name = {:name}', params: { name } });
		return work({ client, keyring, now: () => new Date(), employeeOf });
	});
}

async function take(ground: Ground, folder: string, options: Options, { watching = false } = {}): Promise<Intake> {
	const run = options.dryRun ? undefined : await begin(ground.client, { now: ground.now, watching });
	try {
		const result = await withBar('import', 'calls', (show) =>
			intake(ground, folder, {
				...options,
				async onProgress(done, total, so) {
					show(done, total);
					await run?.tell(total, so);
				}
			})
		);
		await run?.done(result);
		return result;
	} catch (fault) {
		await run?.failed(isFailure(fault) ? fault.reason : 'fault').catch(() => undefined);
		throw fault;
	}
}

async function say(settings: Settings, result: Intake, { dryRun = false, report }: Options): Promise<void> {
	const { imported, known, past, rejected, warnings, unit } = result;
	for (const { line, reason, column } of rejected) {
		console.error(`${unit} ${line}${column ? `, column "${column}"` : ''}: ${rejections[reason]}`);
	}
	for (const { line, differenceMs } of warnings) {
		const seconds = (Math.abs(differenceMs) / 1000).toFixed(1);
		const how = differenceMs < 0 ? 'shorter' : 'longer';
		console.error(`${unit} ${line}: imported, but the audio is ${seconds} s ${how} than the call`);
	}
	if (rejected.length > 0) {
		process.exitCode = 1;
		const at = new Date().toISOString().replace(/[-:.]/g, '');
		const file = report ?? path.join(settings.data, 'intake', `rejected-${at}.csv`);
		await writeReport(file, result);
		console.error(
			`What was rejected, and why, is in ${report ? 'the report' : `intake/${path.basename(file)} of the data folder`}.`
		);
	}
	const counts = `${imported} imported, ${known} already known, ${past} past retention, ${rejected.length} rejected`;
	console.log(dryRun ? `Nothing was stored; it would be: ${counts}` : counts);
}
