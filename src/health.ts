import path from 'node:path';
import { openBucket } from '#pocketbase/bucket.ts';
import { storeOf } from '#pocketbase/data-file.ts';
import type { Register } from '#register.server.ts';
import { mustBeThere } from '#sealing/key-file.ts';

/** What somebody must look after now; the console shows it to contact persons, maintainers and auditors. */
export type AlarmKind = 'log_unwritable' | 'log_broken' | 'checkpoints_unreached' | 'sweep_stopped' | 'sweep_failed';
export interface Alarm {
	kind: AlarmKind;
	since: Date;
	/** How many recordings a sweep that stopped would destroy. */
	recordings?: number;
}

/** For so long the place for checkpoints may be away before it is said. */
const unreachedAllowedMs = 5 * 60_000;

/** The alarms of this moment; asked for afresh, so each ends by itself. */
export function alarms(register: Register): Alarm[] {
	const { accessLog, sweeps, now } = register;
	const found: Alarm[] = [];
	const unwritable = accessLog.isWritable() ? undefined : accessLog.unwritableSince;
	if (unwritable) found.push({ kind: 'log_unwritable', since: unwritable });
	const { proof } = accessLog;
	if (proof && !proof.verdict.intact) found.push({ kind: 'log_broken', since: proof.at });
	const unreached = accessLog.checkpointsUnreachedSince;
	if (unreached && now().getTime() - unreached.getTime() >= unreachedAllowedMs) {
		found.push({ kind: 'checkpoints_unreached', since: unreached });
	}
	const { last } = sweeps;
	if (last?.swept?.stopped) found.push({ kind: 'sweep_stopped', since: last.at, recordings: last.swept.stopped.due });
	if (last?.failed) found.push({ kind: 'sweep_failed', since: last.at });
	return found;
}

/**
 * Whether the server can do its work: the database answers, the S3 store does if the sealed files lie there, the keyring is
 * there, the log can be written.
 */
export async function readiness(
	register: Register
): Promise<{ database: boolean; files: boolean; keyring: boolean; log: boolean }> {
	const { pocketbase, settings, accessLog } = register;
	const [database, files, keyring] = await Promise.all([
		fetch(`${pocketbase.url}/api/health`, { signal: AbortSignal.timeout(2000) }).then(
			(answer) => answer.ok,
			() => false
		),
		areReached(settings.data),
		mustBeThere(path.join(settings.data, 'keys', 'keyring.age')).then(
			() => true,
			() => false
		)
	]);
	return { database, files, keyring, log: accessLog.isWritable() };
}

async function areReached(data: string): Promise<boolean> {
	try {
		const store = storeOf(data);
		if (store?.enabled) await openBucket(store).reach(2000);
		return true;
	} catch {
		return false;
	}
}
