import type { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { isFailure } from '#failures.ts';
import { termOfDay } from '#recordings/term.ts';
import { openKeyring } from '#sealing/keyring.ts';
import { act, counted, fine, type Finding } from './finding.ts';

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
			return act(
				`recordings of ${counted(missing.length, 'day', 'days')} have no key, ${String(missing[0]?.['key_day'])} first`,
				'take the keys of the last backup (kuuntelupiste restore); without one these recordings are lost'
			);
		}
		const overdue = days.filter((day) => now.getTime() - termOfDay(day).getTime() > 3600_000);
		if (overdue.length > 0) {
			return act(
				`${counted(overdue.length, 'key is', 'keys are')} past six months, ${overdue[0]} first`,
				'kuuntelupiste sweep'
			);
		}
		return fine(
			`${counted(days.length, 'day key', 'day keys')}, ${counted(recordings.length, 'key', 'keys')} of held recordings, for the owner only`
		);
	} catch (fault) {
		if (!isFailure(fault)) throw fault;
		return act(fault.detail ?? fault.reason, 'nothing plays until that is mended');
	}
}
