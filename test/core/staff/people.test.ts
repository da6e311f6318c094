import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Settable } from '#staff/changes.ts';
import * as ownSessions from '#staff/own-sessions.ts';
import { importPeople } from '#staff/people-import.ts';
import * as keeping from '#staff/people.ts';
import { signIn } from '#staff/sign-in.ts';
import * as team from '#staff/team.ts';
import { lookedAfter, record } from '#staff/training.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

let house: House;
let maintainer: Awaited<ReturnType<typeof plant.person>>;
beforeAll(async () => {
	house = await openHouse();
	maintainer = await plant.person(house, ['maintainer']);
});
afterAll(() => house.close());

const nobodyYet: Settable = { name: 'Uusi', active: true, roles: [], team: '', supervises: [], offices: [] };
const lines = async (limit: number) =>
	(await house.register.accessLog.read({ limit }))
		.reverse()
		.map(({ action, outcome, reason, person }) => ({ action, outcome, reason, person }));

describe('adding a person', () => {
	test('gives a password for one sign-in, and each role is in the log', async () => {
		const newcomer = { ...nobodyYet, signInName: 'uusi', roles: ['agent', 'auditor'] satisfies Settable['roles'] };
		const { id, password } = await keeping.add(house.register, maintainer, {
			...newcomer,
			roles: ['agent', 'auditor']
		});
		expect(await lines(3)).toEqual([
			{ action: 'add_person', outcome: 'done', reason: undefined, person: id },
			{ action: 'give_role', outcome: 'done', reason: 'agent', person: id },
			{ action: 'give_role', outcome: 'done', reason: 'auditor', person: id }
		]);
		expect(await signIn(house.register, 'uusi', password, { address: '127.0.0.1' })).toHaveProperty('half');
		await expect(keeping.add(house.register, maintainer, newcomer)).rejects.toMatchObject({ kind: 'conflict' });
	});

	test('is refused to whoever is no maintainer, in the log too', async () => {
		for (const role of ['contact_person', 'agent', 'supervisor', 'auditor'] as const) {
			const other = await plant.person(house, [role]);
			const newcomer = { ...nobodyYet, signInName: `by.${role}`.replace('_', '') };
			await expect(keeping.add(house.register, other, newcomer)).rejects.toMatchObject({ reason: 'wrong_role' });
			expect(await lines(1)).toMatchObject([{ action: 'add_person', outcome: 'refused', reason: 'wrong_role' }]);
		}
	});
});

describe('changing a person', () => {
	test('writes a line for each change, and none when there is none', async () => {
		const { person } = await plant.person(house, ['agent']);
		const there = await team.add(house.register, maintainer, 'Muutettu tiimi');
		const before = await plant.read(house, person.id);
		const wanted = { ...before, roles: ['supervisor' as const], team: there.id, supervises: [there.id], active: false };
		await keeping.change(house.register, maintainer, person.id, wanted);
		expect((await lines(5)).map(({ action, reason }) => [action, reason])).toEqual([
			['deactivate_person', undefined],
			['take_role', 'agent'],
			['give_role', 'supervisor'],
			['change_team', undefined],
			['change_supervised', undefined]
		]);
		const [last] = await house.register.accessLog.read({ limit: 1 });
		await keeping.change(house.register, maintainer, person.id, await plant.read(house, person.id));
		expect((await house.register.accessLog.read({ limit: 1 }))[0]).toEqual(last);
	});

	test('nobody changes their own record: not roles, not password, not the second factor, not even in PocketBase', async () => {
		const { person, as } = maintainer;
		const more: Settable = { ...person, roles: ['maintainer', 'auditor'] };
		for (const attempt of [
			() => keeping.change(house.register, maintainer, person.id, more),
			() => keeping.givePassword(house.register, maintainer, person.id),
			() => keeping.resetSecondFactor(house.register, maintainer, person.id)
		]) {
			await expect(attempt()).rejects.toMatchObject({ kind: 'refused', reason: 'own_record' });
			expect(await lines(1)).toMatchObject([{ outcome: 'refused', reason: 'own_record', person: person.id }]);
		}
		await expect(as.collection('staff').update(person.id, { roles: ['maintainer', 'auditor'] })).rejects.toThrow();
	});
});

describe('ending sessions', () => {
	test('a person ends their own, a maintainer anyone’s, and nobody else', async () => {
		const { person, token } = await plant.person(house, ['agent']);
		const other = await plant.person(house, ['supervisor', 'auditor']);
		const open = () => house.register.sessions.open(person.id, token, house.register.now());
		const goesOn = (secret: string) => house.register.sessions.find(secret, house.register.now()) !== undefined;
		const [first, second] = [open(), open()];
		await expect(ownSessions.end(house.register, other.person, person.id)).rejects.toMatchObject({ kind: 'refused' });
		const spare = house.register.sessions.find(second, house.register.now())?.id;
		await ownSessions.end(house.register, person, person.id, { spare });
		expect([goesOn(first), goesOn(second)]).toEqual([false, true]);
		await ownSessions.end(house.register, maintainer.person, person.id);
		expect(goesOn(second)).toBe(false);
		expect(await lines(3)).toMatchObject([
			{ action: 'end_session', outcome: 'refused', reason: 'wrong_role' },
			{ action: 'end_session', outcome: 'done', person: person.id },
			{ action: 'end_session', outcome: 'done', person: person.id }
		]);
	});
});

describe('training', () => {
	const completed = new Date(Date.now() - 24 * 3600_000);
	const validUntil = new Date(Date.now() + 300 * 24 * 3600_000);

	test('is recorded by a supervisor for their own team now, by a maintainer for anybody, by nobody for themselves', async () => {
		const [own, another] = [await plant.team(house), await plant.team(house)];
		const supervisor = await plant.person(house, ['supervisor'], { supervises: [own.id], team: own.id });
		const theirs = (await plant.person(house, ['agent'], { team: own.id, trainedFor: null })).person;
		const stranger = (await plant.person(house, ['agent'], { team: another.id, trainedFor: null })).person;
		const teamless = (await plant.person(house, ['agent'], { trainedFor: null })).person;
		const agent = await plant.person(house, ['agent'], { team: own.id });
		const given = { course: 'system_use' as const, completed, validUntil };
		const by = (who: typeof supervisor, person: string) => record(house.register, who, { ...given, person });

		await by(supervisor, theirs.id);
		await record(house.register, supervisor, { ...given, person: theirs.id, course: 'confidentiality' });
		expect((await plant.read(house, theirs.id)).trainedUntil).toEqual(validUntil);
		await by(maintainer, stranger.id);
		expect((await plant.read(house, stranger.id)).trainedUntil).toBeUndefined();

		await expect(by(supervisor, supervisor.person.id)).rejects.toMatchObject({ reason: 'own_record' });
		await expect(by(maintainer, maintainer.person.id)).rejects.toMatchObject({ reason: 'own_record' });
		// What a supervisor may not see they may not know of.
		await expect(by(supervisor, stranger.id)).rejects.toMatchObject({ kind: 'missing' });
		await expect(by(supervisor, teamless.id)).rejects.toMatchObject({ kind: 'missing' });
		await expect(by(agent, agent.person.id)).rejects.toMatchObject({ reason: 'own_record' });
		await house.superuser.collection('staff').update(theirs.id, { team: another.id });
		await expect(by(supervisor, theirs.id)).rejects.toMatchObject({ kind: 'missing' });
	});

	test('is not recorded with dates that do not fit', async () => {
		const { person } = await plant.person(house, ['agent'], { trainedFor: null });
		const given = { person: person.id, course: 'system_use' as const };
		for (const dates of [
			{ completed: validUntil, validUntil },
			{ completed, validUntil: completed }
		]) {
			await expect(record(house.register, maintainer, { ...given, ...dates })).rejects.toMatchObject({
				reason: 'training_dates'
			});
		}
	});

	test('is listed for those who look after it, the soonest end first', async () => {
		const own = await plant.team(house);
		const supervisor = await plant.person(house, ['supervisor', 'contact_person'], { supervises: [own.id] });
		const later = await plant.person(house, ['agent'], { team: own.id, trainedFor: 90 });
		const missing = await plant.person(house, ['agent'], { team: own.id, trainedFor: null });
		const soon = await plant.person(house, ['agent'], { team: own.id, trainedFor: 5 });
		expect((await lookedAfter(supervisor)).map(({ id }) => id)).toEqual(
			[missing, soon, later].map(({ person }) => person.id)
		);
		expect((await lookedAfter(maintainer)).length).toBeGreaterThan(3);
	});
});

describe('a list of people', () => {
	const list = [
		'sign_in_name,name,roles,team,supervises,offices',
		'list.one,Yksi Henkilö,agent,Luettelotiimi,,',
		'list.two,Kaksi Henkilö,king,,,',
		'list.three,Kolme Henkilö,contact_person,,,'
	].join('\n');
	const offices = new Map<string, string>();

	test('changes nothing in a dry run, and says what would be', async () => {
		await plant.team(house, 'Luettelotiimi');
		const before = (await keeping.everyone(maintainer)).length;
		const answer = await importPeople(house.register, maintainer, list, { offices, dryRun: true });
		expect(answer.added.map(({ signInName }) => signInName)).toEqual(['list.one', 'list.three']);
		expect(answer.added.every(({ password }) => password === '')).toBe(true);
		expect(answer.bad).toEqual([{ line: 3, column: 'roles', reason: 'unknown_role' }]);
		expect(await keeping.everyone(maintainer)).toHaveLength(before);
	});

	test('goes in but for its bad row; a second time nobody is added', async () => {
		const { added, bad } = await importPeople(house.register, maintainer, list, { offices, dryRun: false });
		expect(bad).toHaveLength(1);
		for (const { signInName, password } of added) {
			expect(await signIn(house.register, signInName, password, { address: '127.0.0.1' })).toHaveProperty('half');
		}
		const again = await importPeople(house.register, maintainer, list, { offices, dryRun: false });
		expect(again).toMatchObject({ added: [], known: 2, bad: [{ line: 3 }] });
	});
});
