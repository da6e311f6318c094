import { describe, expect, test } from 'vitest';
import { readPeople } from '#staff/people-csv.ts';

const known = {
	signInNames: new Set(['anna']),
	teams: new Map([
		['Paketit', 'teampackets00001'],
		['Kirjeet', 'teamletters00001']
	]),
	offices: new Map([['Keskusta', 'officecentre0001']])
};
const header = 'sign_in_name,name,roles,team,supervises,offices';
const read = (...rows: string[]) => readPeople([header, ...rows].join('\n'), known);

describe('a list of people', () => {
	test('gives each row’s person, with teams and offices by their names', () => {
		const { good } = read('Bertta,Bertta Björk,supervisor | agent,Paketit,Paketit|Kirjeet,Keskusta');
		expect(good).toEqual([
			{
				line: 2,
				newcomer: {
					signInName: 'bertta',
					name: 'Bertta Björk',
					active: true,
					roles: ['supervisor', 'agent'],
					team: 'teampackets00001',
					supervises: ['teampackets00001', 'teamletters00001'],
					offices: ['officecentre0001']
				}
			}
		]);
	});

	test.each([
		['9lives,Nimi,agent,,,', 'sign_in_name', 'form'],
		['a b,Nimi,agent,,,', 'sign_in_name', 'form'],
		['carl,,agent,,,', 'name', 'empty'],
		[`carl,${'x'.repeat(121)},agent,,,`, 'name', 'too_long'],
		['carl,Carl,,,,', 'roles', 'empty'],
		['carl,Carl,agent|king,,,', 'roles', 'unknown_role'],
		['carl,Carl,agent,Nobody,,', 'team', 'unknown_team'],
		['carl,Carl,supervisor,,Paketit|Nobody,', 'supervises', 'unknown_team'],
		['carl,Carl,contact_person,,,Nowhere', 'offices', 'unknown_office']
	])('names the line and the column of %s', (row, column, reason) => {
		const { good, bad } = read('bertta,Bertta,agent,,,', row, 'dora,Dora,agent,,,');
		expect(bad).toEqual([{ line: 3, column, reason }]);
		expect(good.map(({ newcomer }) => newcomer.signInName)).toEqual(['bertta', 'dora']);
	});

	test('takes nobody twice, and leaves those who are there', () => {
		const { good, bad, known: there } = read('anna,Anna,agent,,,', 'eva,Eva,agent,,,', 'EVA,Eva,auditor,,,');
		expect(there).toBe(1);
		expect(good).toHaveLength(1);
		expect(bad).toEqual([{ line: 4, column: 'sign_in_name', reason: 'twice' }]);
	});

	test('may come from a spreadsheet: semicolons, a byte order mark, quotes, CRLF, other columns and order', () => {
		const text = '\uFEFFName;Roles;Sign_in_name;Phone\r\n"Frans; the 1st";agent;frans;x\r\n\r\n';
		expect(readPeople(text, known).good).toMatchObject([{ newcomer: { signInName: 'frans', name: 'Frans; the 1st' } }]);
	});

	test.each(['', 'no list at all', 'sign_in_name,name\na,b', `${header}\n"open,x`])(
		'is refused when it is none: %j',
		(text) => {
			expect(() => readPeople(text, known)).toThrow(expect.objectContaining({ reason: 'people_list' }));
		}
	);
});
