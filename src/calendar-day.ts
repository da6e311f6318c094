import * as v from 'valibot';

/** A day that the calendar has, as YYYY-MM-DD: the 30th of February is of the right form, and none. */
export const calendarDay = v.pipe(
	v.string(),
	v.isoDate(),
	v.check((text) => new Date(`${text}T00:00:00Z`).toISOString().startsWith(text))
);
