import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { calendarDay } from '#calendar-day.ts';
import { dayOf } from '#visits/slots.ts';

/** The day that an address asks for (`?day=2026-11-30`); today where it asks for none that there is. */
export function dayAsked(url: URL, now: Date): Temporal.PlainDate {
	const asked = v.safeParse(calendarDay, url.searchParams.get('day'));
	try {
		return asked.success ? Temporal.PlainDate.from(asked.output) : dayOf(now);
	} catch {
		return dayOf(now);
	}
}
