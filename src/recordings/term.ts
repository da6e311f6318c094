import { Temporal } from 'temporal-polyfill';

const zone = 'Europe/Helsinki';

/**
 * When a recording's time is over (register description § 8d): six calendar months after the day on which the call
 * ended, by Helsinki's calendar, at the end of that day, which is the instant when the next one begins there.
 * A day that the sixth month lacks becomes its last (31 August: 28 or 29 February).
 */
export function destroyAfter(disconnected: Date): Date {
	const ended = Temporal.Instant.fromEpochMilliseconds(disconnected.getTime()).toZonedDateTimeISO(zone).toPlainDate();
	const lastDay = ended.add({ months: 6 }, { overflow: 'constrain' });
	return new Date(lastDay.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds);
}
