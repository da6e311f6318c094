import parsePhoneNumber from 'libphonenumber-js/min';
import { Failure } from '#failures.ts';

/** What telephone systems write for a number that the caller withheld (RFC 3323 and older ways). */
const withheld = new Set(['', 'anonymous', 'withheld', 'private', 'restricted', 'unavailable', 'unknown']);
// At most fifteen digits (ITU-T E.164); what is left of the shortest still hides three.
const full = /^(\+358[1-9]\d{2,11}|\+(?!358)[1-9]\d{3,14}|[1-9]\d{2,14})$/;
const masked = /^(\+?[1-9]\d{0,11})?\*{3}$/;

/**
 * The customer's number as the register may hold it (register description § 5): in international form, the last three
 * digits as `***`; empty when it was withheld. A masked number stays as it is, so masking twice is masking once.
 * Finnish national numbers (`040 …`) become `+358 …`; a short number without a country keeps its form.
 * Runs in the browser too. Refuses what is no number with `invalid: customer_number`, without repeating it.
 */
export function mask(number: string): string {
	if (withheld.has(number.trim().toLowerCase())) return '';
	const dialled = international(number);
	if (!full.test(dialled) && !masked.test(dialled)) {
		throw new Failure('invalid', 'customer_number', { field: 'customer_number' });
	}
	return `${dialled.slice(0, -3)}***`;
}

/**
 * A number in one spelling: E.164 for one that its country's plan knows (Finland's unless it says another), else without
 * blanks, hyphens, dots and parentheses, `00` as `+`, the Finnish trunk `0` as `+358`. What is no number goes through
 * unchanged in kind: whoever asks checks the result.
 */
export function international(number: string): string {
	const plain = tidy(number);
	const known = /^(\+|0)\d+$/.test(plain) ? parsePhoneNumber(plain, 'FI') : undefined;
	return known?.isValid() ? known.number : plain;
}

function tidy(number: string): string {
	return number
		.replace(/[\s.\u2010-\u2015-]/g, '')
		.replace(/^00/, '+')
		.replace(/^(\+\d{1,3})\(0\)/, '$1')
		.replace(/[()]/g, '')
		.replace(/^0(?=\d)/, '+358');
}
