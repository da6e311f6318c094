import { parse } from 'csv-parse/sync';
import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { Failure } from '#failures.ts';
import { international, mask } from './mask.ts';
import { directions, lines } from './recording.ts';
import type { Rejection, RejectionReason } from './rejection.ts';

const columns = [
	'answered',
	'disconnected',
	'direction',
	'line',
	'service_number',
	'customer_number',
	'employee',
	'audio'
] as const;
type Column = (typeof columns)[number];

const time = v.pipe(
	v.string(),
	v.check((text) => instantOf(text) !== undefined),
	v.transform((text) => instantOf(text) ?? new Date(NaN))
);
const Fields = v.pipe(
	v.object({
		// Masked before it comes here; a number that cannot be masked is left out.
		customer_number: v.string(),
		answered: time,
		disconnected: time,
		direction: v.picklist(directions),
		line: v.picklist(lines),
		service_number: v.pipe(v.string(), v.transform(international), v.regex(/^\+?\d{3,15}$/)),
		employee: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9._-]{0,39}$/)),
		audio: v.pipe(v.string(), v.regex(/^(?!\.{1,2}$)[^/\\]{1,255}$/))
	}),
	v.check(({ answered, disconnected }) => disconnected > answered),
	v.transform((row) => ({
		answered: row.answered,
		disconnected: row.disconnected,
		direction: row.direction,
		line: row.line,
		serviceNumber: row.service_number,
		customerNumberMasked: row.customer_number,
		/** Sign-in name of who answered or made the call. */
		employee: row.employee,
		/** A bare file name. Recorders put full numbers in it: never printed, logged or stored. */
		audio: row.audio
	}))
);
/** What a row says of a call, the customer's number already masked. */
export type Call = v.InferOutput<typeof Fields>;
/** A good row and its line, counted from 1 with the header. */
export interface Row {
	readonly line: number;
	readonly call: Call;
}

/**
 * Reads `calls.csv`: UTF-8 with or without a byte order mark, a header row with exactly our columns in any order, one
 * call a line. A wrong row is rejected by line and reason; nothing that it says is repeated.
 * Refuses the whole file with `invalid: calls_csv` when the header is not ours: what § 5 does not name stays out.
 */
export function parseCalls(bytes: Uint8Array): { rows: Row[]; rejected: Rejection[] } {
	const [header, ...rest] = new TextDecoder()
		.decode(bytes)
		.split(/\r\n|\n|\r/)
		.map((text, index) => ({ text, line: index + 1 }))
		.filter(({ text }) => text.trim() !== '');
	const names = checkedHeader(header?.text ?? '');
	const rows: Row[] = [];
	const rejected: Rejection[] = [];
	for (const { text, line } of rest) {
		const read = readRow(text, names);
		if (typeof read === 'string') rejected.push({ line, reason: read });
		else rows.push({ line, call: read });
	}
	return { rows, rejected };
}

function readRow(text: string, names: Column[]): Call | RejectionReason {
	// U+FFFD is what the decoder puts where bytes were no UTF-8.
	if (/[\p{Cc}\uFFFD]/u.test(text.replaceAll('\t', ' '))) return 'not_text';
	const values = split(text);
	if (!values) return 'quotes';
	if (values.length !== names.length) return 'fields';
	const fields = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
	const result = v.safeParse(
		Fields,
		{ ...fields, customer_number: masked(fields['customer_number']) },
		{ abortEarly: true }
	);
	if (result.success) return result.output;
	const wrong = v.getDotPath(result.issues[0]);
	return columns.find((column) => column === wrong) ?? 'ends_before_start';
}

function masked(number = ''): string | undefined {
	try {
		return mask(number);
	} catch {
		return undefined;
	}
}

function checkedHeader(text: string): Column[] {
	const names = split(text) ?? [];
	const strange = names.findIndex((name) => !columns.some((column) => column === name));
	// Without a header the first row is a call, and its fields are not for printing.
	const name = /^[a-z_ -]{1,40}$/i.test(names[strange] ?? '') ? names[strange] : `number ${strange + 1}`;
	if (strange >= 0) throw unlike(`the column ${name} is not one of the register's`);
	const missing = columns.find((column) => !names.includes(column));
	if (missing) throw unlike(`the column ${missing} is missing`);
	if (names.length > columns.length) throw unlike('a column is there twice');
	return names.map((given) => columns.find((column) => column === given) ?? 'audio');
}

function unlike(what: string): Failure {
	return new Failure('invalid', 'calls_csv', {
		detail: `calls.csv is not read: ${what}. The header row must be: ${columns.join(',')}`
	});
}

/** The fields of one line. Each line is read alone, so that an open quotation mark spoils one row and not the rest. */
function split(text: string): string[] | undefined {
	try {
		return parse(text, { trim: true, record_delimiter: '\n' })[0];
	} catch {
		// The parser's message repeats the row.
		return undefined;
	}
}

function instantOf(text: string): Date | undefined {
	try {
		return new Date(Temporal.Instant.from(text).epochMilliseconds);
	} catch {
		return undefined;
	}
}
