import Holidays from 'date-holidays';
import { Temporal } from 'temporal-polyfill';

const zone = 'Europe/Helsinki';
const finnish = new Holidays('FI', { types: ['public'] });
const years = new Map<number, Set<string>>();

/**
 * Whether a day is a public holiday in Finland. Midsummer Eve and Christmas Eve are none by law, although much is
 * closed then: a deadline on them stays, so that an answer is rather early than late.
 */
export function isPublicHoliday(day: Temporal.PlainDate): boolean {
	let holidays = years.get(day.year);
	if (!holidays) {
		holidays = new Set(finnish.getHolidays(day.year).map(({ date }) => date.slice(0, 10)));
		years.set(day.year, holidays);
	}
	return holidays.has(day.toString());
}

/** Whether a day is neither Saturday, Sunday nor a public holiday in Finland. */
export function isWorkingDay(day: Temporal.PlainDate): boolean {
	return day.dayOfWeek < 6 && !isPublicHoliday(day);
}

/**
 * The instant by which a request received at `received` must be answered: one month (GDPR Art. 12(3)) by Regulation
 * (EEC, Euratom) 1182/71 Art. 3. The day of receipt is not counted; the last day is the same-named one of the next
 * month, clipped to the month's end, moved to the next working day; it ends at midnight in Helsinki.
 */
export function due(received: Date): Date {
	return endAfter(received, 1);
}

/** By how many months an answer may be put off (GDPR Art. 12(3)). */
export const extensions = [1, 2] as const;
export type Extension = (typeof extensions)[number];

/** The deadline with an extension: counted from the receipt as well, so that a month that was moved moves nothing. */
export function extended(received: Date, months: Extension): Date {
	return endAfter(received, 1 + months);
}

/** The longest that a request may lawfully stay open. */
export function longest(received: Date): Date {
	return extended(received, 2);
}

function endAfter(received: Date, months: number): Date {
	let last = helsinkiDate(received).add({ months }, { overflow: 'constrain' });
	while (!isWorkingDay(last)) last = last.add({ days: 1 });
	return new Date(last.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds);
}

/** Whole days left until the last day of a deadline; 0 on that day, negative after it. */
export function daysLeft(deadline: Date, now: Date): number {
	const last = helsinkiDate(new Date(deadline.getTime() - 1));
	return helsinkiDate(now).until(last, { largestUnit: 'days' }).days;
}

function helsinkiDate(instant: Date): Temporal.PlainDate {
	return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone).toPlainDate();
}
