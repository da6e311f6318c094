import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { collection, instant, knownInstant, written } from '#pocketbase/collection.ts';
import { each } from '#pocketbase/each.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { usualDay } from './breaker.ts';

const Row = v.pipe(
	v.object({
		id: v.string(),
		audio: v.string(),
		key_day: v.string(),
		own_key: v.boolean(),
		destroy_after: knownInstant,
		held_until: instant
	}),
	v.transform((row) => ({
		id: row.id,
		/** The name of the sealed file. */
		audio: row.audio,
		keyDay: row.key_day,
		ownKey: row.own_key,
		destroyAfter: row.destroy_after,
		heldUntil: row.held_until
	}))
);
/** What retention knows of a recording: nothing of what was said, by whom or to whom. */
export type KeptRecording = v.InferOutput<typeof Row>;

/** The fields that it is made of. */
export const keptFields = Object.keys(Row.pipe[0].entries).join();
const fields = keptFields;

export function kept(as: Client) {
	return collection(as, 'recordings', Row);
}

/** All recordings of one Helsinki day of calls. */
export function ofDay(as: Client, day: string): Promise<KeptRecording[]> {
	return Array.fromAsync(each(kept(as), { filter: 'key_day = {:day}', params: { day }, fields }));
}

const due = 'destroy_after <= {:now} && held_until = ""';

/** How many are due. */
export function countDue(as: Client, now: Date): Promise<number> {
	return kept(as).count({ filter: due, params: { now: written(now) } });
}

/** The days of calls that have any due, the earliest first. */
export async function dueDays(as: Client, now: Date): Promise<string[]> {
	const days: string[] = [];
	for (;;) {
		const params = { now: written(now), last: days.at(-1) ?? '' };
		const next = await kept(as).first({ filter: `key_day > {:last} && ${due}`, params, sort: 'key_day', fields });
		if (!next) return days;
		days.push(next.keyDay);
	}
}

const daysCompared = 28;

/**
 * How many calls a usual day has: by the days of `among` that are in the four weeks after a day; undefined when none is.
 */
export async function usual(as: Client, after: string, among: readonly string[]): Promise<number | undefined> {
	const last = Temporal.PlainDate.from(after).add({ days: daysCompared }).toString();
	const counts: number[] = [];
	for (const day of among.filter((one) => one > after && one <= last)) {
		counts.push(await kept(as).count({ filter: 'key_day = {:day}', params: { day } }));
	}
	return usualDay(counts);
}

/** The turn in which a day's recordings are destroyed, or put on hold: never both at once. */
export function turnOf(day: string): string {
	return `retention ${day}`;
}
