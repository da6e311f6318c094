import { Temporal } from 'temporal-polyfill';
import { isPublicHoliday } from '#requests/deadline.ts';
import { weekdays, type Office, type Spans } from './office.ts';

const zone = 'Europe/Helsinki';

/** A time that can be booked. */
export interface Slot {
	starts: Date;
	ends: Date;
}

/**
 * The slots of an office from `from` on, for so many days: whole slots inside the open spans of Helsinki's wall clock,
 * counted from each span's beginning, also through the nights when the clock is set. A public holiday is closed unless
 * the office's exceptions, or hours round the clock, say otherwise. A slot under way counts until its half.
 */
export function slots(office: Office, from: Date, days: number): Slot[] {
	const first = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(zone).toPlainDate();
	const half = (office.slotMinutes * 60_000) / 2;
	return Array.from({ length: days }, (_, count) => first.add({ days: count }))
		.flatMap((day) => spansOf(office, day).flatMap((span) => inSpan(day, span, office.slotMinutes)))
		.filter(({ starts }) => starts.getTime() + half > from.getTime());
}

function spansOf({ openingHours, exceptions }: Office, day: Temporal.PlainDate): Spans {
	const exception = exceptions[day.toString()];
	if (exception) return exception;
	const spans = openingHours[weekdays[day.dayOfWeek - 1] ?? 'sun'];
	const alwaysOpen = spans.some(([from, to]) => from === '00:00' && to === '24:00');
	return isPublicHoliday(day) && !alwaysOpen ? [] : spans;
}

function inSpan(day: Temporal.PlainDate, [from, to]: Spans[number], minutes: number): Slot[] {
	const end = at(day, to);
	const found: Slot[] = [];
	let start = at(day, from);
	for (;;) {
		const next = start.add({ minutes });
		if (Temporal.ZonedDateTime.compare(next, end) > 0) return found;
		found.push({ starts: new Date(start.epochMilliseconds), ends: new Date(next.epochMilliseconds) });
		start = next;
	}
}

function at(day: Temporal.PlainDate, clock: string): Temporal.ZonedDateTime {
	if (clock === '24:00') return day.add({ days: 1 }).toZonedDateTime(zone);
	return day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(clock) });
}
