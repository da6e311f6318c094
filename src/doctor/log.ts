import { existsSync } from 'node:fs';
import { fileOf } from '#access-log/database.ts';
import type { Logged } from '#access-log/entry.ts';
import { read, type Where } from '#access-log/reading.ts';
import { verify } from '#access-log/verify.ts';
import { isFailure } from '#failures.ts';
import { act, fine, look, type Finding } from './finding.ts';

const hour = 3600_000;

/** The access log from its first entry, against the checkpoints beside it and in the second place. */
export async function accessLog(folder: string, checkpoints: string | undefined): Promise<Finding> {
	try {
		const verdict = await verify(folder, { checkpoints });
		if (!verdict.intact) {
			return act(
				`the access log is broken at entry ${verdict.sequence}: ${verdict.fault}`,
				'touch nothing; tell the auditor'
			);
		}
		const says = `${verdict.entries} entries, intact, ${verdict.checkpoint?.size ?? 0} of them under a checkpoint`;
		if (checkpoints) return fine(says);
		return look(
			`${says}; no second place for checkpoints`,
			'name one in KUUNTELUPISTE_CHECKPOINTS: without it a forger with the key leaves no trace'
		);
	} catch (fault) {
		if (!isFailure(fault)) throw fault;
		return act(fault.detail ?? fault.reason, 'see whether the second place is mounted');
	}
}

/** When the last backup was made, by the log's own word. */
export function backup(folder: string, now: Date): Finding {
	const last = newest(folder, { action: 'make_backup', outcome: 'done' });
	if (!last) return look('no backup was ever made', 'kuuntelupiste backup FOLDER --keys OTHER, once a day');
	const hours = Math.floor((now.getTime() - Date.parse(last.at)) / hour);
	const says = `the last backup was made ${hours} h ago`;
	if (hours >= 72) return act(says, 'see why it is not made any more');
	return hours >= 26 ? look(says, 'see whether last night’s went wrong') : fine(says);
}

/** The last entry that fits; undefined also when nothing was ever logged. */
export function newest(folder: string, where: Where = {}): Logged | undefined {
	return existsSync(fileOf(folder)) ? read(folder, { limit: 1, where })[0] : undefined;
}
