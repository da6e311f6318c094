import { Temporal } from 'temporal-polyfill';

/** The year that an address asks for; this one unless it names another that can be. */
export function yearIn(search: URLSearchParams, now: Date): number {
	const current = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO('Europe/Helsinki').year;
	const given = Number(search.get('year'));
	return Number.isInteger(given) && given >= 2000 && given <= current ? given : current;
}
