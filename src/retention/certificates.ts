import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { collection } from '#pocketbase/collection.ts';
import { each } from '#pocketbase/each.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import type { Person } from '#staff/person.ts';
import { destroyedKeys, destructions, type DestroyedKey, type Destruction } from './destruction.ts';

/** Who looks at the proofs of destruction. */
export interface Viewer {
	person: Person;
	as: Client;
	role: 'contact_person' | 'auditor' | 'maintainer';
}

const Row = v.pipe(
	v.object({
		id: v.string(),
		day: v.string(),
		recordings: v.number(),
		keys: v.number(),
		latest_seconds: v.number(),
		within_15_minutes: v.number(),
		within_hour: v.number(),
		within_day: v.number(),
		later: v.number()
	}),
	v.transform(({ latest_seconds, within_15_minutes, within_hour, within_day, later, ...row }) => ({
		...row,
		/** How late the latest of the day was. */
		latestSeconds: latest_seconds,
		/** How many were destroyed so long after their time at the most. */
		late: { within15Minutes: within_15_minutes, withinHour: within_hour, withinDay: within_day, later }
	}))
);
/** The figures of a Helsinki day on which something was destroyed. */
export type DestructionDay = v.InferOutput<typeof Row>;

/** All days together: how many recordings, how many of them in time, and how late the latest was. */
export interface Punctuality {
	recordings: number;
	within15Minutes: number;
	latestSeconds: number;
}

const shownDays = 400;
const shownRows = 1000;

/** The days on which something was destroyed, the newest first; that they were shown is logged first. */
export async function days(
	register: Register,
	viewer: Viewer
): Promise<{ days: DestructionDay[]; punctuality: Punctuality }> {
	const found = await collection(viewer.as, 'destruction_days', Row).list({
		filter: '',
		sort: '-day',
		limit: shownDays
	});
	await log(register, viewer, { results: found.length });
	return { days: found, punctuality: punctualityOf(found) };
}

/** The figures of some days in one. */
export function punctualityOf(some: readonly DestructionDay[]): Punctuality {
	return {
		recordings: some.reduce((sum, { recordings }) => sum + recordings, 0),
		within15Minutes: some.reduce((sum, { late }) => sum + late.within15Minutes, 0),
		latestSeconds: Math.max(0, ...some.map(({ latestSeconds }) => latestSeconds))
	};
}

/** What was destroyed on a Helsinki day. */
export interface Certificate {
	figures: DestructionDay | undefined;
	keys: DestroyedKey[];
	/** The first thousand, by their ids. */
	records: Destruction[];
	/** SHA-256 over one line a record (`id destroyed sealed_sha256 key_fingerprint`), all of them, by their ids. */
	digest: string;
}

/** The proof of a day, for a printable certificate; that it was shown is logged first. */
export async function certificate(register: Register, viewer: Viewer, day: string): Promise<Certificate> {
	const of = { filter: 'destroyed_day = {:day}', params: { day } };
	const figures = await collection(viewer.as, 'destruction_days', Row).first({
		filter: 'day = {:day}',
		params: { day }
	});
	await log(register, viewer, { results: figures?.recordings ?? 0, day: Number(day.replaceAll('-', '')) });
	const records: Destruction[] = [];
	const digest = createHash('sha256');
	for await (const one of each(destructions(viewer.as), of)) {
		digest.update(`${one.id} ${one.destroyed?.toISOString()} ${one.sealedSha256} ${one.keyFingerprint}\n`);
		if (records.length < shownRows) records.push(one);
	}
	const keys = await Array.fromAsync(each(destroyedKeys(viewer.as), of));
	keys.sort((one, other) => (one.name < other.name ? -1 : 1));
	return { figures, keys, records, digest: digest.digest('hex') };
}

function log({ accessLog }: Register, { person, role }: Viewer, measures: Record<string, number>): Promise<void> {
	return accessLog.append({
		action: 'view_destructions',
		actor: person.id,
		role,
		purpose: 'retention',
		outcome: 'done',
		measures
	});
}
