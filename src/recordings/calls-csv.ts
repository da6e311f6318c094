import { Failure } from '#failures.ts';
import { facts, readCall, type Row } from './call.ts';
import { fieldsOf, linesOf } from './csv-lines.ts';
import { isBareName } from './originals.ts';
import type { Rejection, RejectionReason } from './rejection.ts';

const columns = [...facts, 'audio'] as const;
type Column = (typeof columns)[number];

/**
 * Reads `calls.csv`: UTF-8 with or without a byte order mark, a header row with exactly our columns in any order, one
 * call a line. A wrong row is rejected by line and reason; nothing that it says is repeated.
 * Refuses the whole file with `invalid: calls_csv` when the header is not ours: what § 5 does not name stays out.
 */
export function parseCalls(bytes: Uint8Array): { rows: Row[]; rejected: Rejection[] } {
	const [header, ...rest] = linesOf(new TextDecoder().decode(bytes));
	const names = checkedHeader(header?.text ?? '');
	const rows: Row[] = [];
	const rejected: Rejection[] = [];
	for (const { text, line } of rest) {
		const read = readRow(text, names);
		if (typeof read === 'string') rejected.push({ line, reason: read });
		else rows.push({ line, ...read });
	}
	return { rows, rejected };
}

function readRow(text: string, names: Column[]): Pick<Row, 'call' | 'audio'> | RejectionReason {
	const values = fieldsOf(text);
	if (typeof values === 'string') return values;
	if (values.length !== names.length) return 'fields';
	const fields = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
	const call = readCall(fields);
	if (typeof call === 'string') return call;
	const { audio = '' } = fields;
	return isBareName(audio) ? { call, audio: [audio] } : 'audio';
}

function checkedHeader(text: string): Column[] {
	const read = fieldsOf(text);
	const names = typeof read === 'string' ? [] : read;
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
