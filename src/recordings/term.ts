import { Temporal } from 'temporal-polyfill';

const zone = 'Europe/Helsinki';

/** The rule by which recordings are destroyed, as a destruction record names it; a change of it is a new version. */
export const rule = { name: 'six_months_from_end', version: 1 };

/**
 * When a recording's time is over (register description § 8d): six calendar months after the day on which the call
 * ended, by Helsinki's calendar, at the end of that day, which is the instant when the next one begins there.
 * A day that the sixth month lacks becomes its last (31 August: 28 or 29 February).
 */
export function destroyAfter(disconnected: Date): Date {
	return endOfTerm(
		Temporal.Instant.fromEpochMilliseconds(disconnected.getTime()).toZonedDateTimeISO(zone).toPlainDate()
	);
}

/** The same for all calls that ended on a day of Helsinki's calendar (YYYY-MM-DD). */
export function termOfDay(day: string): Date {
	return endOfTerm(Temporal.PlainDate.from(day));
}

function endOfTerm(ended: Temporal.PlainDate): Date {
	const lastDay = ended.add({ months: 6 }, { overflow: 'constrain' });
	return new Date(lastDay.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds);
}
