import { describe, expect, it } from 'vitest';
import type { Logged } from '#access-log/entry.ts';
import { actions, measures, type Action } from '#access-log/words.ts';
import { sentenceText } from '#routes/console/log/sentence.ts';
import { overwriteGetLocale } from '#ui/words/compiled/runtime.js';

const id = (name: string): string => name.padEnd(15, '0');
const entry = (fields: Partial<Logged>): Logged => ({
	action: 'listen_begin',
	role: 'contact_person',
	actor: id('kaisa'),
	outcome: 'done',
	sequence: 1,
	at: '2026-11-02T10:00:00.000Z',
	previous: '0'.repeat(64),
	v: 1,
	...fields
});
const languages = ['fi', 'sv', 'en'] as const;
const inAll = (fields: Partial<Logged>): string[] =>
	languages.map((language) => {
		overwriteGetLocale(() => language);
		return sentenceText(entry(fields));
	});

describe('an entry reads as a sentence in three languages', () => {
	it('of what was done, to which things, why, and how much', () => {
		const fields = {
			recording: id('call'),
			request: id('request'),
			purpose: 'subject_access',
			measures: { seconds_heard: 12, position_ms: 61_000 }
		} as const;
		expect(inAll(fields)).toEqual([
			'Yhteyshenkilö kaisa0000000000 aloitti kuuntelun (tallenne call00000000000, pyyntö request00000000); tarkoitus: rekisteröidyn tarkastusoikeus; kuultu 12 s; kohdassa 1:01.',
			'Kontaktperson kaisa0000000000 började lyssna (inspelning call00000000000, begäran request00000000); ändamål: den registrerades rätt till insyn; hört 12 s; vid 1:01.',
			'Contact person kaisa0000000000 began to listen (recording call00000000000, request request00000000); purpose: subject access; 12 s heard; at 1:01.'
		]);
	});

	it('of what was refused, and why', () => {
		const refused = { action: 'open_audio', outcome: 'refused', reason: 'training_expired' } as const;
		expect(inAll(refused).map((line) => line.replace(/ kaisa0+/, ''))).toEqual([
			'Yhteyshenkilö ei saanut lupaa: äänen pyyntö; syy: koulutus on vanhentunut.',
			'Kontaktperson nekades: begäran om ljud; orsak: utbildningen har gått ut.',
			'Contact person was refused: sound asked for; reason: training has expired.'
		]);
	});

	it('of a visitor by the kiosk, of the application, and of nobody known', () => {
		const kiosk = id('kiosk');
		expect(inAll({ role: 'customer', actor: kiosk, kiosk, action: 'call_staff' })[2]).toBe(
			`A customer at kiosk ${kiosk} called staff.`
		);
		expect(inAll({ role: 'system', actor: undefined, action: 'destroy_key', measures: { day: 20260501 } })[2]).toBe(
			'System destroyed a key; calls of 2026-05-01.'
		);
		const nobody = { role: 'unknown', actor: undefined, action: 'sign_in', outcome: 'refused' } as const;
		expect(inAll({ ...nobody, reason: 'wrong_credentials' })[2]).toBe(
			'Somebody unknown was refused: sign-in; reason: name or password did not match.'
		);
	});

	it('for every action and every measure, with no word of the code left in it', () => {
		for (const action of Object.keys(actions) as Action[]) {
			const all = Object.fromEntries(Object.keys(measures).map((name) => [name, 20260501]));
			for (const line of inAll({ action, measures: all }))
				expect([action, line]).toEqual([action, expect.not.stringMatching(/_|undefined/)]);
		}
	});

	it('a reason that has no words yet stands as its code', () => {
		expect(inAll({ reason: 'some_new_reason' })[2]).toContain('; some_new_reason.');
	});
});
