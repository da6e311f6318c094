import type { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { isFailure } from '#failures.ts';
import { termOfDay } from '#recordings/term.ts';
import { openKeyring } from '#sealing/keyring.ts';
import { act, fine, type Finding } from './finding.ts';

/** Whether the keyring opens, is for its owner only, and has a key for every recording and none that should be gone. */
export async function keys(data: string, masterKey: string, database: DatabaseSync, now: Date): Promise<Finding> {
	try {
		const keyring = await openKeyring(path.join(data, 'keys'), masterKey);
		const { days, recordings } = await keyring.list();
		const [haveDay, haveOwn] = [new Set(days), new Set(recordings)];
		const needed = database.prepare(
			"SELECT key_day, CASE own_key WHEN 1 THEN id ELSE '' END AS own FROM recordings GROUP BY 1, 2"
		);
		const missing = [...needed.iterate()].filter(({ key_day: day, own }) =>
			own ? !haveOwn.has(String(own)) : !haveDay.has(String(day))
		);
		if (missing.length > 0) {
			return act('keyring_missing', { days: missing.length, first: String(missing[0]?.['key_day']) });
		}
		const overdue = days.filter((day) => now.getTime() - termOfDay(day).getTime() > 3600_000);
		if (overdue.length > 0) return act('keyring_overdue', { count: overdue.length, first: overdue[0] ?? '' });
		return fine('keyring_fine', { days: days.length, own: recordings.length });
	} catch (fault) {
		if (!isFailure(fault)) throw fault;
		return act('keyring_unusable', {}, fault.detail ?? fault.reason);
	}
}
