import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFailure } from '#failures.ts';
import { mask } from '#recordings/mask.ts';

/** Digits that the masked number still shows. */
const shown = (masked: string): string => masked.replace(/\D/g, '');
const digits = (least: number, most: number) =>
	fc.array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most }).map((list) => list.join(''));
/** Numbers as people and telephone systems write them: where they come from, then the subscriber's digits. */
const written = fc.record({
	prefix: fc.constantFrom('+358', '00358', '0', '+46', '0046', '+358 (0)', '+1-'),
	first: fc.integer({ min: 1, max: 9 }),
	rest: digits(3, 5),
	last: digits(3, 3),
	glue: fc.constantFrom('', ' ', '-', '.', '\u00a0', '\u2011')
});

test.each([
	['+358401234567', '+358401234***'],
	['00358401234567', '+358401234***'],
	['040 123 4567', '+358401234***'],
	['(040) 123-4567', '+358401234***'],
	['+358 (0)40 123 4567', '+358401234***'],
	['040.123.4567', '+358401234***'],
	['+46 8 123 456 78', '+46812345***'],
	['358401234567', '358401234***'],
	['1234', '1***'],
	['118', '***']
])('%s is kept as %s', (number, masked) => {
	expect(mask(number)).toBe(masked);
});

test.each(['', '  ', 'anonymous', 'Withheld'])('a withheld number (%j) is kept as nothing', (number) => {
	expect(mask(number)).toBe('');
});

test.each(['+358401234***', '358401234***', '***', '+46812345***'])('the masked number %s stays as it is', (number) => {
	expect(mask(number)).toBe(number);
});

test.each([
	'12',
	'012',
	'00',
	'+',
	'abc',
	'+358401234****',
	'+358401234**',
	'+35840***4567',
	'+0123456789',
	'+358+401234567',
	'40123x567',
	'sip:0401234567@posti.example',
	'1234567890123456',
	'+1234567890123456',
	'\u0660\u0661\u0662\u0663\u0664\u0665'
])('%j is refused as a number', (number) => {
	expect(() => mask(number)).toThrow(expect.objectContaining({ kind: 'invalid', reason: 'customer_number' }));
});

test('the last three digits make no difference to what is kept', () => {
	fc.assert(
		fc.property(written, digits(3, 3), ({ prefix, first, rest, last, glue }, other) => {
			const head = `${prefix}${first}${glue}${rest}${glue}`;
			expect(mask(head + last)).toBe(mask(head + other));
		})
	);
});

test('what is kept ends in three asterisks and shows the number without its last three digits, no more', () => {
	fc.assert(
		fc.property(written, ({ prefix, first, rest, last, glue }) => {
			const subscriber = `${first}${rest}${last}`;
			const masked = mask(`${prefix}${first}${glue}${rest}${glue}${last}`);
			expect(masked).toMatch(/^\+\d+\*{3}$/);
			const country = prefix.includes('46') ? '46' : prefix.includes('1') ? '1' : '358';
			expect(shown(masked)).toBe(country + subscriber.slice(0, -3));
			expect(mask(masked)).toBe(masked);
		})
	);
});

test('of any text that looks like a number at all, three digits are gone', () => {
	const lookalike = fc.array(fc.constantFrom(...'0123456789+*-(). '), { maxLength: 22 }).map((list) => list.join(''));
	fc.assert(
		fc.property(lookalike, (number) => {
			let masked: string;
			try {
				masked = mask(number);
			} catch (failure) {
				expect(isFailure(failure)).toBe(true);
				return;
			}
			expect(masked).toMatch(/^(\+?\d{0,14}\*{3})?$/);
			const given = shown(number);
			// The country code of a Finnish national number is the only thing that may come in.
			const added = given.startsWith('0') ? 2 : 0;
			const hidden = number.includes('*') ? 0 : 3;
			if (masked) expect(shown(masked).length).toBeLessThanOrEqual(given.length + added - hidden);
		}),
		{ numRuns: 5000 }
	);
});

test('a refusal never repeats the number', () => {
	fc.assert(
		fc.property(digits(17, 30), (number) => {
			try {
				mask(number);
				expect.unreachable();
			} catch (failure) {
				const said = JSON.stringify(failure, Object.getOwnPropertyNames(failure)) + String(failure);
				expect(said.replace(/:\d+:\d+/g, '')).not.toContain(number);
			}
		})
	);
});
