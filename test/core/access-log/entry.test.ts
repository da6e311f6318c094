import { describe, expect, it } from 'vitest';
import { canonical, hashOf } from '#access-log/canonical.ts';
import { checked, type Entry } from '#access-log/entry.ts';
import * as words from '#access-log/words.ts';
import { entry, id } from './entries.ts';

const refused = (change: object) => expect(() => checked({ ...entry(1), ...change }));

describe('an entry', () => {
	it('takes closed words, opaque ids and whole numbers', () => {
		const full: Entry = {
			...entry(1),
			outcome: 'refused',
			reason: 'training_expired',
			request: id('request'),
			appointment: id('hour'),
			visit: id('visit'),
			kiosk: id('kiosk'),
			office: id('office'),
			person: id('person'),
			measures: { results: 0, seconds_heard: 12 }
		};
		expect(checked(full)).toEqual(full);
	});

	it.each([
		['a phone number', '+358401234567'],
		['a phone number without its plus', '358401234567'],
		['a phone number with dashes', '040-123-4567'],
		['fifteen digits', '358401234567890'],
		['a masked phone number', '+358401234***'],
		['a name', 'Virtanen'],
		['a name in small letters', 'virtanen'],
		['a full name', 'Maija Virtanen'],
		['a sentence', 'they asked about a parcel'],
		['an e-mail address', 'maija@example.invalid'],
		['a line end', `${id('anna')}\n`],
		['nothing', ''],
		['a number', 5],
		['null', null],
		['an object', {}]
	])('takes no id that is %s', (_, value) => {
		for (const field of ['actor', ...Object.keys(words.subjects)]) {
			refused({ [field]: value }).toThrow(expect.objectContaining({ reason: 'log_entry', field }));
		}
	});

	it.each([
		['action', 'peek'],
		['role', 'director'],
		['purpose', 'curiosity'],
		['outcome', 'maybe'],
		['reason', 'They were late'],
		['reason', 'x'],
		['measures', { shoe_size: 44 }],
		['measures', { results: 1.5 }],
		['measures', { results: -1 }],
		['measures', { results: 2 ** 60 }],
		['measures', { results: '358401234567' }],
		['note', 'hello'],
		['sequence', 7]
	])('takes no %s of its own making: %j', (field, value) => {
		refused({ [field]: value }).toThrow(expect.objectContaining({ kind: 'invalid', reason: 'log_entry' }));
	});

	it('says why when it is a refusal', () => {
		refused({ outcome: 'refused' }).toThrow(expect.objectContaining({ reason: 'log_entry', field: 'reason' }));
	});

	it('never repeats the refused value in what it says of it', () => {
		try {
			checked({ ...entry(1), actor: 'Maija Virtanen' });
			expect.unreachable();
		} catch (failure) {
			expect(JSON.stringify(failure) + String(failure)).not.toContain('Virtanen');
		}
	});

	it('has one canonical form, whatever the order in which it was said', () => {
		expect(canonical({ v: 1, b: 'ä"\n', a: { z: 2, y: 1, x: undefined } })).toBe(
			'{"a":{"y":1,"z":2},"b":"ä\\"\\n","v":1}'
		);
		// The example of FIPS 180-4's authors for SHA-256.
		expect(hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
	});

	it('has a sentence for each of its words', () => {
		for (const list of Object.values(words)) {
			for (const meaning of Object.values(list)) expect(meaning).toMatch(/ .+[^.]$/);
		}
	});
});
