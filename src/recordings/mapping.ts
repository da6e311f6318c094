import { findNodeAtLocation, parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser';
import * as v from 'valibot';
import { Failure } from '#failures.ts';

const From = v.strictObject({
	/** A column of the CSV, or a path of keys in JSON, `call.start`. */
	from: v.pipe(v.string(), v.nonEmpty()),
	/** What its words mean here. */
	words: v.optional(v.record(v.string(), v.string()))
});
const Field = v.union([From, v.strictObject({ always: v.string() })]);

const Mapping = v.pipe(
	v.strictObject({
		/** The name of the file in the folder. */
		file: v.pipe(v.string(), v.nonEmpty()),
		format: v.picklist(['csv', 'json']),
		delimiter: v.optional(v.pipe(v.string(), v.length(1)), ','),
		encoding: v.optional(v.picklist(['utf-8', 'utf-16le', 'windows-1252']), 'utf-8'),
		/** In JSON, where the list of calls is; empty for the whole file. */
		calls: v.optional(v.string(), ''),
		time: v.optional(
			v.strictObject({
				format: v.pipe(v.string(), v.nonEmpty()),
				zone: v.optional(v.pipe(v.string(), v.check(isZone, 'is no time zone')), 'Europe/Helsinki')
			}),
			{ format: 'iso', zone: 'Europe/Helsinki' }
		),
		fields: v.strictObject({
			answered: Field,
			disconnected: v.optional(Field),
			/** Instead of `disconnected`: seconds, or hours:minutes:seconds. */
			duration: v.optional(Field),
			direction: Field,
			line: Field,
			service_number: Field,
			customer_number: Field,
			employee: Field,
			audio: From
		})
	}),
	v.forward(
		v.check(
			({ fields }) => (fields.disconnected === undefined) !== (fields.duration === undefined),
			'needs disconnected or duration, and not both'
		),
		['fields']
	)
);
/** How the calls of another system are told in our words. */
export type Mapping = v.InferOutput<typeof Mapping>;
export type MappedField = v.InferOutput<typeof Field>;

/** Reads a mapping file. Refuses with `invalid: mapping` and one line that names line, column and what is wrong there. */
export function readMapping(text: string): Mapping {
	const errors: ParseError[] = [];
	const tree = parseTree(text, errors);
	const [error] = errors;
	if (error || !tree) throw wrong(text, error?.offset ?? 0, error ? printParseErrorCode(error.error) : 'it is empty');
	const result = v.safeParse(Mapping, JSON.parse(text));
	if (result.success) return result.output;
	const [issue] = result.issues;
	const keys =
		issue.path?.map(({ key }) => key).filter((key) => typeof key === 'string' || typeof key === 'number') ?? [];
	// A key that is missing is named where it should be.
	const node = findNodeAtLocation(tree, keys) ?? findNodeAtLocation(tree, keys.slice(0, -1)) ?? tree;
	throw wrong(text, node.offset, `${keys.join('.') || 'the mapping'}: ${issue.message}`);
}

function wrong(text: string, offset: number, what: string): Failure {
	const before = text.slice(0, offset).split('\n');
	const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
	return new Failure('invalid', 'mapping', { detail: `The mapping is not read: ${place}: ${what}` });
}

function isZone(name: string): boolean {
	try {
		new Intl.DateTimeFormat('en', { timeZone: name });
		return true;
	} catch {
		return false;
	}
}
