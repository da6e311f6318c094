import path from 'node:path';
import { verify, type Verdict } from '#access-log/verify.ts';
import { isFailure } from '#failures.ts';
import { publicOrigin, type Settings } from '#settings.ts';
import { masterKeyOf } from '../master-key.ts';
import * as database from './database.ts';
import { act, type Check, type Finding } from './finding.ts';
import { files } from './files.ts';
import { keys } from './keys.ts';
import { accessLog, backup, drill } from './log.ts';
import * as machine from './machine.ts';

/**
 * Looks at everything that whoever keeps a register running must know of, without changing anything: each check by its
 * name, in an order that does not change. A check that cannot be made is itself something to act on. `proof` is what a
 * verification of the log found; without one it is verified from its first entry, which may take minutes.
 */
export async function* examine(
	settings: Settings,
	now: Date,
	proof?: () => Promise<Verdict | undefined>
): AsyncGenerator<{ name: Check } & Finding> {
	const { data, checkpoints } = settings;
	const log = path.join(data, 'access-log');
	const file = database.openForLooking(data);
	const checks: Record<Check, () => Finding | Promise<Finding>> = {
		clock: () => machine.clock(log, now),
		disk: () => machine.disk(data),
		files: () => files(data),
		versions: () => machine.versions(settings.pocketbaseBin),
		reach: () => machine.reach(data, settings.pocketbaseUrl),
		certificate: () => machine.certificate(publicOrigin(settings), now),
		folder: () => database.version(file),
		rules: () => database.rules(file),
		keyring: async () => keys(data, await masterKeyOf(settings), file, now),
		log: () => accessLog(checkpoints, proof ?? (() => verify(log, { checkpoints }))),
		retention: () => database.retention(file, now),
		backup: () => backup(log, now),
		drill: () => drill(log, now),
		deadlines: () => database.deadlines(file, now),
		kiosks: () => database.kiosks(file, now, machine.servedVersion()),
		training: () => database.training(file, now)
	};
	try {
		for (const [name, check] of Object.entries(checks) as [Check, () => Finding | Promise<Finding>][])
			yield { name, ...(await attempt(check)) };
	} finally {
		file.close();
	}
}

async function attempt(check: () => Finding | Promise<Finding>): Promise<Finding> {
	try {
		return await check();
	} catch (fault) {
		const why = isFailure(fault) ? (fault.detail ?? fault.reason) : fault instanceof Error ? fault.name : undefined;
		return act('unlooked', {}, why);
	}
}
