import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { Failure } from '#failures.ts';
import { asFailure } from './answers.ts';
import type { Client } from './pocketbase.ts';

/** What to ask of a list; `filter` has `{:name}` places that `params` fill, so nothing typed becomes a filter. */
export interface Question {
	filter: string;
	params?: Record<string, unknown>;
	/** Field names, `-` before one that falls. */
	sort?: string;
	/** How many at the most; 50 unless told. */
	limit?: number;
	/** The fields to answer with, by their names; all unless told. */
	fields?: string;
}

type Body = Record<string, unknown> | FormData;

/**
 * One collection as one client sees it: every row that comes back is checked against the schema, every "no" is a
 * Failure. Refuses with `unavailable: unexpected_row` when the database holds something else than we think.
 */
export function collection<S extends v.GenericSchema>(client: Client, name: string, schema: S) {
	const records = client.collection(name);
	const row = (given: unknown): v.InferOutput<S> => {
		const result = v.safeParse(schema, given);
		if (result.success) return result.output;
		throw new Failure('unavailable', 'unexpected_row', { field: `${name}.${v.getDotPath(result.issues[0]) ?? ''}` });
	};
	const filled = ({ filter, params = {} }: Question): string => client.filter(filter, params);
	return {
		/** The record with this id; `missing` when there is none that this client may see. */
		one: (id: string) => records.getOne(id).then(row, asFailure),
		/** The first that fits, or undefined. */
		async first(question: Question): Promise<v.InferOutput<S> | undefined> {
			const [found] = await this.list({ ...question, limit: 1 });
			return found;
		},
		/** Those that fit, never counted (a total is costly). */
		list: (question: Question): Promise<v.InferOutput<S>[]> =>
			records
				.getList(1, question.limit ?? 50, {
					filter: filled(question),
					sort: question.sort ?? '',
					fields: question.fields ?? '',
					skipTotal: true,
					headers: { 'X-Question': aQuestion() }
				})
				.then((page) => page.items.map(row), asFailure),
		/** How many fit; costly where no index answers it. */
		count: (question: Question): Promise<number> =>
			records.getList(1, 1, { filter: filled(question), fields: 'id' }).then(({ totalItems }) => totalItems, asFailure),
		/** `conflict` with the field when a unique index says so. */
		create: (body: Body) => records.create(body).then(row, asFailure),
		/** Field modifiers of PocketBase (`recordings-`) work in the body. `fields` are those to answer with; all if empty. */
		update: (id: string, body: Body, { fields = '' } = {}) => records.update(id, body, { fields }).then(row, asFailure),
		remove: (id: string) => records.delete(id).then(() => undefined, asFailure)
	};
}

/**
 * An address of no machine, another for each question: PocketBase counts searches without a result by address, holds
 * back who has many, and all of ours would be one (see the migration `search`).
 */
function aQuestion(): string {
	return `fd00::${randomBytes(6).toString('hex').match(/..../g)?.join(':') ?? '0'}`;
}

/** A new id of PocketBase's form, for a row that stands in the access log before it is made. */
export function newId(): string {
	// A letter first: an id of digits only could be a phone number.
	return `r${randomBytes(7).toString('hex')}`;
}

/** A date as PocketBase writes it (UTC, a blank between day and time); empty stays undefined. */
export const instant = v.pipe(
	v.string(),
	v.transform((text) => (text ? new Date(text) : undefined)),
	v.check((date) => date === undefined || !Number.isNaN(date.getTime()), 'is not a date')
);
/** A date that must be there. */
export const knownInstant = v.pipe(
	v.string(),
	v.nonEmpty(),
	v.transform((text) => new Date(text)),
	v.date()
);
/** A date as PocketBase compares it in filters. */
export function written(date: Date): string {
	return date.toISOString().replace('T', ' ');
}
