import { isFailure } from '#failures.ts';
import { written } from '#pocketbase/collection.ts';
import { clearLeftovers } from '#pocketbase/leftovers.ts';
import { openStorage } from '#pocketbase/places.ts';
import type { Storage } from '#pocketbase/storage.ts';
import { termOfDay } from '#recordings/term.ts';
import type { Register } from '#register.server.ts';
import { helsinkiDay } from '#sealing/day.ts';
import { several } from '#several.ts';
import { clockDoubt, few, stopReason } from './breaker.ts';
import { begin, destructions, lateSeconds, unfinished, type Destruction } from './destruction.ts';
import { sealAnew } from './held.ts';
import { endOverdue, endsOfHolds, overdue } from './holds.ts';
import { countDue, dueDays, kept, ofDay, turnOf, usual, type KeptRecording } from './kept.ts';
import { destroyKey, finishKeys } from './key-destruction.ts';
import { plan } from './plan.ts';
import { line, nothingSwept, type Orders, type Sweeping, type Swept } from './sweeping.ts';

const atOnce = 4;
const linesAtOnce = 200;

/**
 * Destroys every recording whose time is over (§ 8d): writes down that it will, seals anew what is held, destroys the
 * day's key, then rows and files, clears the database's leftovers, and only then certifies. It can be killed at any
 * point; the next one finishes. Stops before it has begun, in the log too, when the breaker says so. A day that fails
 * does not keep the others waiting; its failure is thrown at the end.
 */
export async function sweep(register: Register, orders: Orders): Promise<Swept> {
	const { retention, accessLog, keyring } = register;
	const now = register.now();
	const swept = nothingSwept();
	const sweeping: Sweeping = { signal: orders.signal, reached: orders.reached ?? (() => undefined), swept };
	// Holds that end by a clock that is wrong do not stand again; they end when an operator has agreed to the clock.
	const doubt = clockDoubt(orders);
	if (!doubt) await endOverdue(register, sweeping);
	const left = await unfinished(retention);
	await finishKeys(register, sweeping);

	const due = await countDue(retention, now);
	const days = due > 0 ? await dueDays(retention, now) : [];
	const keys = await keyring.list();
	const usually = due > few ? await usual(retention, days[0] ?? helsinkiDay(now), keys.days) : undefined;
	const ending = doubt ? (await overdue(register)).length : 0;
	const why = stopReason({ ...orders, due, ending, usual: usually });
	const measures = { recordings: due, ...(usually === undefined ? {} : { usual: usually }) };
	const faults: unknown[] = [];
	if (why) {
		swept.stopped = { why, due, usual: usually };
		await accessLog.append(line({ action: 'sweep', outcome: 'refused', reason: why, measures }));
	} else {
		if (due > 0) await accessLog.append(line({ action: 'sweep', measures }));
		const keyDays = doubt ? [] : keys.days.filter((day) => now >= termOfDay(day));
		for (const day of [...new Set([...days, ...keyDays])].sort()) {
			if (orders.signal?.aborted) break;
			const turn = register.turns.take(turnOf(day), () => sweepDay(register, sweeping, day, now));
			await turn.catch((fault: unknown) => faults.push(fault));
		}
	}
	await certify(register, sweeping, left).catch((fault: unknown) => faults.push(fault));
	if (faults.length > 0) throw faults.find(isFailure) ?? faults[0];
	return swept;
}

async function sweepDay(register: Register, sweeping: Sweeping, day: string, now: Date): Promise<void> {
	const { destroy, reseal, keyGoes } = plan(day, await ofDay(register.retention, day), now);
	const storage = openStorage(register.settings.data, 'recordings');
	await writeDown(register, sweeping, storage, day, destroy);
	if (sweeping.signal?.aborted) return;
	if (keyGoes) {
		for (const one of reseal) await sealAnew(register, sweeping, storage, one);
		await destroyKey(register, sweeping, { day });
	}
	await several(destroy, atOnce, async (one) => {
		if (sweeping.signal?.aborted) return;
		if (one.ownKey) await destroyKey(register, sweeping, { recording: one.id });
		await kept(register.retention).remove(one.id);
		sweeping.reached('row_deleted');
	});
}

async function writeDown(
	register: Register,
	{ reached, signal }: Sweeping,
	storage: Storage,
	day: string,
	destroy: KeptRecording[]
): Promise<void> {
	if (destroy.length === 0) return;
	const { retention, keyring } = register;
	const begun = new Set((await unfinished(retention)).map(({ id }) => id));
	const ends = await endsOfHolds(register, destroy);
	const dayPrint = await keyring.fingerprintOf({ day });
	await several(destroy, atOnce, async (one) => {
		if (begun.has(one.id) || signal?.aborted) return;
		await begin(retention, {
			id: one.id,
			callDay: day,
			due: ends.get(one.id) ?? one.destroyAfter,
			begun: register.now(),
			sealedSha256: (await storage.sha256(one.id, one.audio)) ?? '',
			keyFingerprint: (one.ownKey ? await keyring.fingerprintOf({ recording: one.id }) : dayPrint) ?? ''
		});
		reached('destruction_begun');
	});
}

/** Certifies what was begun and is gone. `left` is what an earlier sweep had begun: that may be in the log already. */
async function certify(register: Register, { reached, swept }: Sweeping, left: Destruction[]): Promise<void> {
	const { retention, accessLog, settings } = register;
	const begun = Map.groupBy(await unfinished(retention), ({ callDay }) => callDay);
	const gone: Destruction[] = [];
	for (const [day, some] of begun) {
		const there = new Set((await ofDay(retention, day)).map(({ id }) => id));
		gone.push(...some.filter(({ id }) => !there.has(id)));
	}
	if (gone.length === 0) return;
	const storage = openStorage(settings.data, 'recordings');
	await several(gone, atOnce, async ({ id }) => {
		await storage.remove(id);
		reached('files_removed');
	});
	await clearLeftovers(settings.data);
	reached('leftovers_cleared');

	const logged = new Set<string>();
	for (const { id } of left) {
		const lines = await accessLog.read({ limit: 1, where: { action: 'destroy_recording', recording: id } });
		if (lines.length > 0) logged.add(id);
	}
	const toLog = gone.filter(({ id }) => !logged.has(id));
	for (let start = 0; start < toLog.length; start += linesAtOnce) {
		const some = toLog.slice(start, start + linesAtOnce);
		await accessLog.append(some.map(({ id }) => line({ action: 'destroy_recording', recording: id })));
		reached('destruction_logged');
	}
	const now = register.now();
	await several(gone, atOnce, async ({ id, due }) => {
		const late = lateSeconds(due, now);
		const certificate = { destroyed: written(now), destroyed_day: helsinkiDay(now), late_seconds: late };
		await destructions(retention).update(id, certificate);
		swept.recordings++;
		swept.latestSeconds = Math.max(swept.latestSeconds, late);
		reached('certified');
	});
}
