import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { Failure } from '#failures.ts';

/** The fields of a posted form, checked; refuses with `invalid: form` and the first field that is wrong. */
export async function readForm<S extends v.GenericSchema>(request: Request, schema: S): Promise<v.InferOutput<S>> {
	const result = v.safeParse(schema, Object.fromEntries(await request.formData()));
	if (result.success) return result.output;
	throw new Failure('invalid', 'form', { field: v.getDotPath(result.issues[0]) ?? undefined });
}

/** An id as PocketBase makes them. */
export const id = v.pipe(v.string(), v.regex(/^[a-z0-9]{15}$/));

/** A day typed or picked (YYYY-MM-DD): its beginning in Helsinki. */
export const dayTyped = v.pipe(
	v.string(),
	v.isoDate(),
	v.transform((text) => new Date(Temporal.PlainDate.from(text).toZonedDateTime('Europe/Helsinki').epochMilliseconds))
);
