import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { newCodes, recognised } from '#visits/code.ts';
import { codeAlphabet } from '#visits/code-alphabet.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const plain = (code: string): string => code.replaceAll('-', '');

describe('new codes', () => {
	const many = Array.from({ length: 2000 }, newCodes);

	test('are a token of 26 capitals and figures, and a typed code of eight with a check character', () => {
		for (const { token, code } of many) {
			expect(token).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
			expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]$/);
		}
	});

	test('never come twice, and use the whole alphabet', () => {
		expect(new Set(many.map(({ token }) => token)).size).toBe(many.length);
		expect(new Set(many.map(({ code }) => code)).size).toBe(many.length);
		expect(new Set(many.flatMap(({ code }) => [...plain(code)])).size).toBe(32);
	});

	test('are recognised as printed, and only their SHA-256 is given', () => {
		for (const { token, code } of many) {
			expect(recognised(token)).toEqual({ kind: 'token', hash: sha256(token) });
			expect(recognised(code)).toEqual({ kind: 'code', hash: sha256(plain(code)) });
		}
	});
});

describe('a typed code', () => {
	const { token, code } = newCodes();

	test.each([
		['in small letters', code.toLowerCase()],
		['without hyphens', plain(code)],
		['with blanks', ` ${[...plain(code)].join(' ')} `],
		['with other dashes', code.replaceAll('-', '–')],
		['with what a keyboard-wedge scanner adds', `${code}\r\n`]
	])('is the same %s', (_, typed) => {
		expect(recognised(typed)).toEqual(recognised(code));
	});

	test('is the same with look-alikes: O for 0, I and L for 1, U for V', () => {
		const looksAlike = (text: string): string =>
			text.replaceAll('0', 'o').replaceAll('V', 'u').replace('1', 'I').replaceAll('1', 'l');
		for (let round = 0; round < 500; round++) {
			const { token, code } = newCodes();
			expect(recognised(looksAlike(code))).toEqual(recognised(code));
			expect(recognised(looksAlike(token))).toEqual(recognised(token));
		}
	});

	test('with any one character wrong is not a code', () => {
		const letters = plain(code);
		for (let place = 0; place < letters.length; place++) {
			for (const other of codeAlphabet) {
				if (other === letters[place]) continue;
				expect(recognised(letters.slice(0, place) + other + letters.slice(place + 1))).toBeUndefined();
			}
		}
	});

	test('with any two characters swapped is not a code', () => {
		for (let round = 0; round < 200; round++) {
			const letters = [...plain(newCodes().code)];
			for (let a = 0; a < letters.length; a++) {
				for (let b = a + 1; b < letters.length; b++) {
					if (letters[a] === letters[b]) continue;
					const swapped = [...letters];
					[swapped[a], swapped[b]] = [letters[b] ?? '', letters[a] ?? ''];
					expect(recognised(swapped.join(''))).toBeUndefined();
				}
			}
		}
	});

	test('of another length or alphabet is nothing, whatever is typed', () => {
		for (const typed of [
			'',
			' ',
			'-',
			plain(code).slice(1),
			`${token}0`,
			token.slice(1),
			'Ä'.repeat(9),
			'*'.repeat(26)
		]) {
			expect(recognised(typed)).toBeUndefined();
		}
	});
});
