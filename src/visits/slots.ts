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
 * The times of an office from `from` on, for so many days, each `minutes` long: inside the open spans of Helsinki's wall
 * clock, also through the nights when the clock is set, beginning at each span's first quarter of an hour and then in
 * the office's steps. A time under way counts until half of a step.
 */
export function slots(office: Office, from: Date, days: number, minutes = office.slotMinutes): Slot[] {
	const first = dayOf(from);
	return Array.from({ length: days }, (_, count) => first.add({ days: count })).flatMap((day) =>
		onDay(office, from, day, minutes)
	);
}

/** That of these times which starts at an instant; undefined when there is none. */
export function slotAt(
	starts: Date,
	office: Office,
	from: Date,
	days: number,
	minutes = office.slotMinutes
): Slot | undefined {
	const [first, day] = [dayOf(from), dayOf(starts)];
	const away = first.until(day, { largestUnit: 'days' }).days;
	if (away < 0 || away >= days) return undefined;
	return onDay(office, from, day, minutes).find((slot) => slot.starts.getTime() === starts.getTime());
}

function onDay(office: Office, from: Date, day: Temporal.PlainDate, minutes: number): Slot[] {
	const half = (office.slotMinutes * 60_000) / 2;
	return openSpans(office, day)
		.flatMap((span) => inSpan(span, office.slotMinutes, minutes))
		.filter(({ starts }) => starts.getTime() + half > from.getTime());
}

/**
 * When an office is open on a day. A public holiday is closed unless the office's exceptions, or hours round the clock,
 * say otherwise.
 */
export function openSpans(office: Office, day: Temporal.PlainDate): Slot[] {
	return spansOf(office, day)
		.map(([from, to]) => ({ starts: at(day, from), ends: at(day, to) }))
		.filter(({ starts, ends }) => starts < ends);
}

/** Whether an office is open through the whole of a time, which may go over midnight. */
export function isOpen(office: Office, { starts, ends }: Slot): boolean {
	const days = [dayOf(starts), dayOf(new Date(ends.getTime() - 1))];
	const spans = days.flatMap((day) => openSpans(office, day)).sort((a, b) => a.starts.getTime() - b.starts.getTime());
	let reached = starts;
	for (const span of spans) if (span.starts <= reached && span.ends > reached) reached = span.ends;
	return reached >= ends;
}

/** The day on Helsinki's wall at an instant. */
export function dayOf(instant: Date): Temporal.PlainDate {
	return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone).toPlainDate();
}

/** When a day begins in Helsinki. */
export function beginOf(day: Temporal.PlainDate): Date {
	return new Date(day.toZonedDateTime(zone).epochMilliseconds);
}

function spansOf({ openingHours, exceptions }: Office, day: Temporal.PlainDate): Spans {
	const exception = exceptions[day.toString()];
	if (exception) return exception;
	const spans = openingHours[weekdays[day.dayOfWeek - 1] ?? 'sun'];
	const alwaysOpen = spans.some(([from, to]) => from === '00:00' && to === '24:00');
	return isPublicHoliday(day) && !alwaysOpen ? [] : spans;
}

function inSpan({ starts, ends }: Slot, step: number, minutes: number): Slot[] {
	const found: Slot[] = [];
	const quarter = 15 * 60_000;
	for (let start = Math.ceil(starts.getTime() / quarter) * quarter; ; start += step * 60_000) {
		const end = start + minutes * 60_000;
		if (end > ends.getTime()) return found;
		found.push({ starts: new Date(start), ends: new Date(end) });
	}
}

function at(day: Temporal.PlainDate, clock: string): Date {
	if (clock === '24:00') return beginOf(day.add({ days: 1 }));
	return new Date(day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(clock) }).epochMilliseconds);
}
