import { parse } from 'csv-parse/sync';
import type { RejectionReason } from './rejection.ts';

/** A line of text with something on it, counted from 1. */
export interface Line {
	readonly text: string;
	readonly line: number;
}

/** The lines of a text that are not blank. */
export function linesOf(text: string): Line[] {
	return text
		.split(/\r\n|\n|\r/)
		.map((one, index) => ({ text: one, line: index + 1 }))
		.filter((one) => one.text.trim() !== '');
}

/**
 * The fields of one line. Each line is read alone, so that an open quotation mark spoils one call and not the rest;
 * what is wrong is a reason that repeats nothing of it.
 */
export function fieldsOf(text: string, delimiter = ','): string[] | RejectionReason {
	// U+FFFD is what the decoder puts where bytes were no text of their encoding.
	if (/[\p{Cc}\uFFFD]/u.test(text.replaceAll('\t', ' '))) return 'not_text';
	try {
		return parse(text, { trim: true, record_delimiter: '\n', delimiter })[0] ?? [];
	} catch {
		// The parser's message repeats the row.
		return 'quotes';
	}
}
