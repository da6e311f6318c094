import * as v from 'valibot';

/** A day that the calendar has, as YYYY-MM-DD: the 30th of February is of the right form, and none. */
export const calendarDay = v.pipe(v.string(), v.isoDate(), v.check(isThere));

// Asked also about what is of no such form.
function isThere(text: string): boolean {
	const midnight = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}
