import { existsSync } from 'node:fs';
import { fileOf } from '#access-log/database.ts';
import type { Logged } from '#access-log/entry.ts';
import { read, type Where } from '#access-log/reading.ts';
import type { Verdict } from '#access-log/verify.ts';
import { isFailure } from '#failures.ts';
import { act, fine, look, type Finding } from './finding.ts';

const hour = 3600_000;

/** The access log as a verification found it, against the checkpoints beside it and in the second place. */
export async function accessLog(
	checkpoints: string | undefined,
	proof: () => Promise<Verdict | undefined>
): Promise<Finding> {
	try {
		const verdict = await proof();
		if (!verdict) return look('log_unproven');
		if (!verdict.intact) return act('log_broken', { sequence: verdict.sequence }, verdict.fault);
		const found = { entries: verdict.entries, covered: verdict.checkpoint?.size ?? 0 };
		return checkpoints ? fine('log_fine', found) : look('log_alone', found);
	} catch (fault) {
		if (!isFailure(fault)) throw fault;
		return act('log_unreached', {}, fault.detail ?? fault.reason);
	}
}

/** When the last backup was made, by the log's own word. */
export function backup(folder: string, now: Date): Finding {
	const last = newest(folder, { action: 'make_backup', outcome: 'done' });
	if (!last) return look('backup_none');
	const hours = Math.floor((now.getTime() - Date.parse(last.at)) / hour);
	if (hours >= 72) return act('backup_old', { hours });
	return hours >= 26 ? look('backup_old', { hours }) : fine('backup_fine', { hours });
}

/** When it was last tried whether a backup can be restored, by the log's own word. */
export function drill(folder: string, now: Date): Finding {
	const last = newest(folder, { action: 'restore_drill', outcome: 'done' });
	if (!last) return look('drill_none');
	const days = Math.floor((now.getTime() - Date.parse(last.at)) / (24 * hour));
	return days >= 200 ? look('drill_old', { days }) : fine('drill_fine', { days });
}

/** The last entry that fits; undefined also when nothing was ever logged. */
export function newest(folder: string, where: Where = {}): Logged | undefined {
	return existsSync(fileOf(folder)) ? read(folder, { limit: 1, where })[0] : undefined;
}
