import { describe, expect, it } from 'vitest';
import { isCommon } from '#staff/common-password.ts';

describe('a password that is guessed first is known as one:', () => {
	it.each([
		['qwerty123456', 'a common one'],
		['QWERTY123456', 'in capitals'],
		['superman2024!', 'a common one and a year'],
		['123football99', 'between digits'],
		['dragondragon', 'said twice'],
		['aaaaaaaaaaaaaaaa', 'one letter'],
		['121212121212', 'two digits'],
		['Kuuntelupiste1', 'the name of the product'],
		['posti-salasana', 'two words of the house'],
		['leila.vare.2026', 'their own sign-in name']
	])('%s (%s)', (chosen) => {
		expect(isCommon(chosen, 'leila.vare')).toBe(true);
	});
});

it.each([
	'neljä hevosta laiturilla',
	'839274650192',
	'x7#Kq9!mZ2@w',
	'postikortti mummolasta',
	'leila soutaa järven yli',
	'ÄÄNITE ÖISIN HILJAA'
])('another is not: %s', (chosen) => {
	expect(isCommon(chosen, 'leila.vare')).toBe(false);
});
