import * as v from 'valibot';
import { Failure } from '#failures.ts';
import { readCall, type Fact, type Row } from './call.ts';
import { fieldsOf, linesOf } from './csv-lines.ts';
import type { MappedField, Mapping } from './mapping.ts';
import { isBareName } from './originals.ts';
import type { Rejection, RejectionReason } from './rejection.ts';
import { written } from './wall-time.ts';

/** One call as the other system tells it: a value by its column or path. */
type Told = (from: string) => string;

/**
 * Reads the calls of another system by a mapping: CSV with a header, or JSON with a list. A call is named by its line
 * (in JSON by its number in the list) and by the column that is wrong; nothing that it says is repeated.
 * Refuses as a whole with `invalid: mapped_file` when a column of the mapping is not there.
 */
export function readMapped(bytes: Uint8Array, mapping: Mapping): { rows: Row[]; rejected: Rejection[] } {
	const text = new TextDecoder(mapping.encoding).decode(bytes);
	const rows: Row[] = [];
	const rejected: Rejection[] = [];
	for (const { line, told } of mapping.format === 'csv' ? csvCalls(text, mapping) : jsonCalls(text, mapping)) {
		const read = typeof told === 'string' ? told : readTold(told, mapping);
		if (typeof read !== 'string') rows.push({ line, ...read });
		else rejected.push({ line, reason: read, ...columnOf(mapping, read) });
	}
	return { rows, rejected };
}

function readTold(told: Told, { fields, time }: Mapping): Pick<Row, 'call' | 'audio'> | RejectionReason {
	const value = (field: MappedField | undefined): string => {
		if (!field) return '';
		if ('always' in field) return field.always;
		const said = told(field.from);
		return field.words && Object.hasOwn(field.words, said) ? (field.words[said] ?? '') : said;
	};
	const answered = written(value(fields.answered), time);
	const call = readCall({
		answered,
		disconnected: fields.duration ? later(answered, value(fields.duration)) : written(value(fields.disconnected), time),
		direction: value(fields.direction),
		line: value(fields.line),
		service_number: value(fields.service_number),
		customer_number: value(fields.customer_number),
		employee: value(fields.employee).toLowerCase()
	});
	if (typeof call === 'string') return call;
	const audio = value(fields.audio);
	return isBareName(audio) ? { call, audio: [audio] } : 'audio';
}

/** So long after an instant: seconds, or hours:minutes:seconds; empty when it says neither. */
function later(answered: string, duration: string): string {
	const [, hours = '0', minutes = '0', seconds] = /^(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:[.,]\d+)?)$/.exec(duration) ?? [];
	if (!answered || !seconds) return '';
	const length = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(',', '.'));
	return new Date(Date.parse(answered) + Math.round(length * 1000)).toISOString();
}

function* csvCalls(text: string, mapping: Mapping): Generator<{ line: number; told: Told | RejectionReason }> {
	const [header, ...rest] = linesOf(text);
	const read = fieldsOf(header?.text ?? '', mapping.delimiter);
	const names = typeof read === 'string' ? [] : read;
	for (const field of Object.values(mapping.fields)) {
		if (field && 'from' in field && !names.includes(field.from))
			throw unlike(`the column "${field.from}" is not there`);
	}
	for (const { text: row, line } of rest) {
		const values = fieldsOf(row, mapping.delimiter);
		if (typeof values === 'string') yield { line, told: values };
		else if (values.length !== names.length) yield { line, told: 'fields' };
		else yield { line, told: (from) => values[names.indexOf(from)] ?? '' };
	}
}

const Calls = v.array(v.record(v.string(), v.unknown()));

function* jsonCalls(text: string, { calls }: Mapping): Generator<{ line: number; told: Told }> {
	const list = v.safeParse(Calls, at(parsed(text), calls));
	if (!list.success) throw unlike(`there is no list of calls at "${calls}"`);
	for (const [index, call] of list.output.entries()) {
		yield {
			line: index + 1,
			told(from) {
				const value = at(call, from);
				return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
			}
		};
	}
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw unlike('it is no JSON');
	}
}

/** What stands at a path of keys, `call.start`. */
function at(value: unknown, path: string): unknown {
	return path
		.split('.')
		.filter(Boolean)
		.reduce<unknown>(
			(here, key) =>
				v.is(v.record(v.string(), v.unknown()), here) && Object.hasOwn(here, key) ? here[key] : undefined,
			value
		);
}

/** The operator's own name of what is wrong. */
function columnOf({ fields }: Mapping, reason: RejectionReason): { column?: string } {
	const facts: Partial<Record<string, MappedField>> = {
		...fields,
		disconnected: fields.disconnected ?? fields.duration
	};
	const field = facts[reason satisfies RejectionReason | Fact];
	return field && 'from' in field ? { column: field.from } : {};
}

function unlike(what: string): Failure {
	return new Failure('invalid', 'mapped_file', { detail: `The file that the mapping names is not read: ${what}.` });
}
