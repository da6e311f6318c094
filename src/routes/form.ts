import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { calendarDay } from '#calendar-day.ts';
import { Failure } from '#failures.ts';

/**
 * The fields of a posted form, checked; one that comes more than once is a list (see `ticks`). Refuses with
 * `invalid: form` and the first field that is wrong.
 */
export async function readForm<S extends v.GenericSchema>(request: Request, schema: S): Promise<v.InferOutput<S>> {
	const form = await formOf(request);
	const fields = [...new Set(form.keys())].map((name) => {
		const values = form.getAll(name);
		return [name, values.length > 1 ? values : values[0]] as const;
	});
	const result = v.safeParse(schema, Object.fromEntries(fields));
	if (result.success) return result.output;
	throw new Failure('invalid', 'form', { field: v.getDotPath(result.issues[0]) ?? undefined });
}

/** What a posted form holds; `invalid: form` when the body is none. */
export async function formOf(request: Request): Promise<FormData> {
	return request.formData().catch((cause: unknown) => {
		throw new Failure('invalid', 'form', { cause });
	});
}

/** An id as PocketBase makes them. */
export const id = v.pipe(v.string(), v.regex(/^[a-z0-9]{15}$/));

/** The boxes of one name that are ticked, as a list of these words. */
export const ticks = <const W extends readonly string[]>(words: W) =>
	v.optional(
		v.pipe(
			v.union([v.array(v.picklist(words)), v.picklist(words)]),
			v.transform((ticked) => [ticked].flat())
		),
		[]
	);

/** A time of day typed or picked (HH:MM), or nothing. */
export const clockTyped = v.optional(v.pipe(v.string(), v.regex(/^(([01]\d|2[0-3]):[0-5]\d)?$/)), '');

/** A day and a time of day, as one instant of Helsinki's clock; without a time the day's beginning. */
export function instantOf(day: string, clock: string): Date {
	const typed = Temporal.PlainDate.from(day).toPlainDateTime(clock || '00:00');
	return new Date(typed.toZonedDateTime('Europe/Helsinki').epochMilliseconds);
}

/** A day typed or picked (YYYY-MM-DD): its beginning in Helsinki. */
export const dayTyped = v.pipe(
	calendarDay,
	v.transform((text) => instantOf(text, ''))
);
