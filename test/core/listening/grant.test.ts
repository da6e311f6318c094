import { describe, expect, test } from 'vitest';
import { grant, type Asked, type Purpose } from '#listening/grant.ts';
import type { KioskListener, StaffListener, VisitHeard } from '#listening/listener.ts';
import { roles, type Person, type Role } from '#staff/person.ts';

const now = new Date('2026-11-23T10:00:00Z');
const before = new Date(now.getTime() - 1);
const after = new Date(now.getTime() + 1);
const recording = { id: 'recording', employee: 'anna', team: 'north', destroyAfter: after };

function atKiosk(visit: Partial<VisitHeard> = {}, kiosk: Partial<KioskListener['kiosk']> = {}): KioskListener {
	return {
		kind: 'kiosk',
		kiosk: { id: 'kiosk', office: 'office', ...kiosk },
		visit: {
			id: 'visit',
			request: 'request',
			appointment: 'appointment',
			kiosk: 'kiosk',
			state: 'player',
			ends: after,
			verifiedBy: 'leila',
			recordings: ['another', 'recording'],
			...visit
		}
	};
}

function staff(fields: Partial<Person>): StaffListener {
	const person = {
		id: 'somebody',
		signInName: 'somebody',
		name: 'Some Body',
		active: true,
		roles: [],
		team: '',
		supervises: [],
		offices: [],
		trainedUntil: after,
		...fields
	};
	return { kind: 'staff', person, token: '' };
}

function answer(listener: Asked['listener'], more: Partial<Asked> = {}): string {
	const given = grant({ listener, recording, now, ...more });
	return given.granted ? `as ${given.role}, ${given.purpose}` : given.reason;
}

describe('the customer at the kiosk', () => {
	test('hears a released recording at this kiosk in this hour', () => {
		expect(answer(atKiosk())).toBe('as customer, subject_access');
		expect(answer(atKiosk({ state: 'list' }))).toBe('as customer, subject_access');
	});

	test.each<[string, KioskListener, string]>([
		['a recording that was not released', atKiosk({ recordings: ['another'] }), 'not_released'],
		['anything when nothing was released', atKiosk({ recordings: [] }), 'not_released'],
		['what was released to another kiosk', atKiosk({ kiosk: 'elsewhere' }), 'other_kiosk'],
		['anything once the hour is over', atKiosk({ ends: now }), 'hour_over'],
		['anything before a person has checked who they are', atKiosk({ verifiedBy: undefined }), 'not_verified'],
		['anything with an empty name for who checked', atKiosk({ verifiedBy: '' }), 'not_verified'],
		['anything at a kiosk that is revoked', atKiosk({}, { revoked: before }), 'kiosk_revoked'],
		...['waiting', 'verified', 'notice', 'headset', 'leaving', 'ended', 'no such state'].map(
			(state): [string, KioskListener, string] => [
				`anything in the state "${state}"`,
				atKiosk({ state }),
				'not_released_yet'
			]
		)
	])('does not hear %s', (_, listener, reason) => {
		expect(answer(listener)).toBe(reason);
	});

	test('hears nothing that is past its six months', () => {
		expect(answer(atKiosk(), { recording: { ...recording, destroyAfter: now } })).toBe('past_retention');
	});

	test('hears past the six months what is held, until the hold’s end', () => {
		const held = { ...recording, destroyAfter: before, heldUntil: after };
		expect(answer(atKiosk(), { recording: held })).toBe('as customer, subject_access');
		expect(answer(atKiosk({ recordings: [] }), { recording: held })).toBe('not_released');
		expect(answer(atKiosk(), { recording: { ...held, heldUntil: now } })).toBe('past_retention');
		const agent = staff({ id: 'anna', roles: ['agent'] });
		expect(answer(agent, { recording: held, purpose: 'verify_call' })).toBe('past_retention');
	});

	test('the kiosk itself, without a visit, hears nothing', () => {
		expect(answer({ ...atKiosk(), visit: undefined })).toBe('no_visit');
	});
});

// Every role × whose call × training, with a permitted purpose: the row "hear audio" of the design's matrix.
describe('staff', () => {
	const calls = {
		'their own call': { id: 'anna', team: 'north', supervises: [] },
		"a current subordinate's call": { team: '', supervises: ['south', 'north'] },
		"somebody else's call": { team: 'north', supervises: ['south'] }
	};
	const trainings = {
		'a current training': { until: after, refusal: undefined },
		'an expired training': { until: now, refusal: 'training_expired' },
		'no training': { until: undefined, refusal: 'training_missing' }
	};
	const allowed: Partial<Record<Role, { call: keyof typeof calls; otherwise: string }>> = {
		agent: { call: 'their own call', otherwise: 'not_own_call' },
		supervisor: { call: "a current subordinate's call", otherwise: 'not_subordinates_call' }
	};
	const cells = roles.flatMap((role) =>
		Object.entries(calls).flatMap(([call, whose]) =>
			Object.entries(trainings).map(([training, { until, refusal }]) => {
				const fields: Partial<Person> = { ...whose, roles: [role], trainedUntil: until };
				const may = allowed[role];
				const outcome = !may
					? 'wrong_role'
					: (refusal ?? (may.call === call ? `as ${role}, verify_call` : may.otherwise));
				return { role, call, training, fields, outcome };
			})
		)
	);

	test('the table has a cell for every role, call and training', () => {
		expect(cells).toHaveLength(5 * 3 * 3);
		expect(cells.filter(({ outcome }) => outcome.startsWith('as '))).toHaveLength(2);
	});

	test.each(cells)('$role, $call, with $training', ({ fields, outcome }) => {
		expect(answer(staff(fields), { purpose: 'verify_call' })).toBe(outcome);
		expect(answer(staff({ ...fields, active: false }), { purpose: 'verify_call' })).toBe('not_active');
		expect(answer(staff(fields), { purpose: 'verify_call', recording: { ...recording, destroyAfter: now } })).toBe(
			'past_retention'
		);
	});

	const agent = staff({ id: 'anna', roles: ['agent'] });

	test.each<[Purpose | undefined, string]>([
		['verify_call', 'as agent, verify_call'],
		['secure_rights', 'as agent, secure_rights'],
		['training_and_quality', 'as agent, training_and_quality'],
		['subject_access', 'not_offered'],
		[undefined, 'purpose_missing']
	])('for the purpose %s the answer is: %s', (purpose, outcome) => {
		expect(answer(agent, { purpose })).toBe(outcome);
	});

	test("the contact person's short check inside a request is not offered yet", () => {
		expect(answer(staff({ roles: ['contact_person'] }), { purpose: 'subject_access' })).toBe('not_offered');
	});

	test('a call of no team is no supervisor’s', () => {
		const supervisor = staff({ roles: ['supervisor'], supervises: ['', 'north'] });
		expect(answer(supervisor, { purpose: 'verify_call', recording: { ...recording, team: '' } })).toBe(
			'not_subordinates_call'
		);
	});

	test('whoever is agent and supervisor hears their own as agent and their team’s as supervisor', () => {
		const both = { roles: ['agent', 'supervisor'] as Role[], supervises: ['north'] };
		expect(answer(staff({ ...both, id: 'anna' }), { purpose: 'verify_call' })).toBe('as agent, verify_call');
		expect(answer(staff(both), { purpose: 'verify_call' })).toBe('as supervisor, verify_call');
	});

	test('more roles open no more calls than each of them alone', () => {
		const everything = staff({ roles: [...roles], supervises: ['south'] });
		expect(answer(everything, { purpose: 'verify_call' })).toBe('not_subordinates_call');
	});
});
