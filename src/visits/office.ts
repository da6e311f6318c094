import * as v from 'valibot';
import { collection } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';

/** The days of the week, as the opening hours name them. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const clock = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/));
const Spans = v.array(v.tuple([clock, clock]));
/** Open spans of a day, Helsinki wall time: `[["09:00","17:00"]]`; empty for closed. */
export type Spans = v.InferOutput<typeof Spans>;

const Row = v.pipe(
	v.object({
		id: v.string(),
		name: v.string(),
		address: v.string(),
		opening_hours: v.object(v.entriesFromList(weekdays, Spans)),
		exceptions: v.nullish(v.record(v.string(), Spans), {}),
		slot_minutes: v.number()
	}),
	v.transform((row) => ({
		id: row.id,
		name: row.name,
		address: row.address,
		openingHours: row.opening_hours,
		/** Days (YYYY-MM-DD) that differ from their weekday. */
		exceptions: row.exceptions ?? {},
		/** How many minutes lie between the beginnings of the times that it offers. */
		slotMinutes: row.slot_minutes
	}))
);
/** An office where a customer can listen. */
export type Office = v.InferOutput<typeof Row>;

/** The offices as one client may see them. */
export function offices(as: Client) {
	return collection(as, 'offices', Row);
}
