import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { calendarDay } from '#calendar-day.ts';
import { whoses } from '#listening/calls.ts';
import { international } from '#recordings/mask.ts';
import { directions, lines } from '#recordings/recording.ts';
import type { Clues, Place } from '#recordings/search.ts';
import { dayTyped, id } from '../../form.ts';

const day = calendarDay;
const minutes = v.optional(
	v.pipe(
		v.string(),
		v.regex(/^\d{0,3}$/),
		v.transform((text) => (text ? Number(text) : undefined))
	)
);

/** What a search narrows by and an address may hold: nothing of a customer. */
export const Filters = v.object({
	whose: v.optional(v.picklist(whoses)),
	from: day,
	to: day,
	shortest: minutes,
	longest: minutes,
	service: v.optional(v.pipe(v.string(), v.maxLength(20), v.transform(international)), ''),
	employee: v.optional(v.union([id, v.literal('')]), ''),
	direction: v.optional(v.picklist([...directions, '']), ''),
	line: v.optional(v.picklist([...lines, '']), ''),
	/** The last call of the page before. */
	after: v.optional(
		v.pipe(
			v.string(),
			v.regex(/^(\d{12,14}-[a-z0-9]{15})?$/),
			v.transform((text): Place | undefined =>
				text ? { answered: new Date(Number(text.slice(0, -16))), id: text.slice(-15) } : undefined
			)
		)
	)
});
export type Filters = v.InferOutput<typeof Filters>;

const minuteMs = 60_000;

/** The filters as the register is asked; both days are meant whole, by Helsinki's calendar. */
export function cluesOf(filters: Filters): Omit<Clues, 'limit' | 'team'> {
	const last = Temporal.PlainDate.from(filters.to).add({ days: 1 });
	return {
		from: v.parse(dayTyped, filters.from),
		to: v.parse(dayTyped, last.toString()),
		employee: filters.employee,
		serviceNumber: filters.service,
		direction: filters.direction || undefined,
		line: filters.line || undefined,
		length: {
			from: filters.shortest ? filters.shortest * minuteMs : undefined,
			to: filters.longest === undefined ? undefined : filters.longest * minuteMs + 1
		},
		after: filters.after
	};
}

/** The filters as an address or a form holds them, from behind a call on when one is given. */
export function namesAndValues(filters: Filters, after?: Place): [string, string][] {
	const given = Object.entries({ ...filters, after: after && `${after.answered.getTime()}-${after.id}` });
	return given.flatMap(([name, value]): [string, string][] => (value ? [[name, String(value)]] : []));
}

/** The last seven days. */
export function lately(now: Date): { from: string; to: string } {
	const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
		.toZonedDateTimeISO('Europe/Helsinki')
		.toPlainDate();
	return { from: today.subtract({ days: 6 }).toString(), to: today.toString() };
}
