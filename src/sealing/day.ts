import { Temporal } from 'temporal-polyfill';

/** The calendar day in Europe/Helsinki of an instant, as YYYY-MM-DD: the day whose key seals a call. */
export function helsinkiDay(instant: Date): string {
	return Temporal.Instant.fromEpochMilliseconds(instant.getTime())
		.toZonedDateTimeISO('Europe/Helsinki')
		.toPlainDate()
		.toString();
}
