import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import { refusal } from '#staff/duty.ts';
import { signIn, whoIs } from '#staff/sign-in.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

const Tried = v.object({ identity: v.string(), password: v.string() });
let house: House;
beforeAll(async () => {
	house = await openHouse();
});
afterAll(() => house.close());

async function enter(signInName: string) {
	const answer = await signIn(house.register, signInName, plant.password, { address: '127.0.0.1' });
	if (!('session' in answer)) throw new Error('something more is wanted');
	const secret = answer.session;
	const session = house.register.sessions.find(secret, house.register.now());
	if (!session) throw new Error('no session');
	return { secret, session };
}

describe('signing in', () => {
	it('gives a session whose token never leaves the server', async () => {
		const { signInName, person } = await plant.person(house, ['contact_person']);
		const { secret, session } = await enter(signInName);
		expect(secret).not.toContain(session.token);
		expect((await whoIs(house.register, session))?.id).toBe(person.id);
	});

	it('answers alike for an unknown name, a wrong password and a person who is not active', async () => {
		const known = await plant.person(house, ['agent']);
		const gone = await plant.person(house, ['agent'], { active: false });
		const tries = [
			['nobody', plant.password],
			[known.signInName, 'wrong'],
			[gone.signInName, plant.password]
		] as const;
		for (const [name, password] of tries) {
			await expect(signIn(house.register, name, password, { address: '127.0.0.2' })).rejects.toMatchObject({
				kind: 'refused',
				reason: 'wrong_credentials'
			});
		}
	});

	it('does the same work whatever was wrong, and no answer of no comes before its second is over', async () => {
		const known = await plant.person(house, ['agent']);
		const gone = await plant.person(house, ['agent'], { active: false });
		const questions: string[][] = [];
		for (const name of ['nobody.has.it', known.signInName, gone.signInName]) {
			const asked = vi.spyOn(globalThis, 'fetch');
			const began = performance.now();
			await expect(signIn(house.register, name, 'wrong', { address: '127.0.0.5' })).rejects.toMatchObject({
				reason: 'wrong_credentials'
			});
			// A timer may be a little early.
			expect(performance.now() - began).toBeGreaterThan(990);
			const calls = [...asked.mock.calls];
			asked.mockRestore();
			questions.push(calls.map(([address]) => new URL(String(address)).pathname.split('/')[3] ?? ''));
			const { identity, password } = v.parse(Tried, JSON.parse(String(calls.at(-1)?.[1]?.body)));
			expect(password).toBe('wrong');
			// The password is checked against an account that is there: only then there is something to compute.
			const [collection, field] = name === 'nobody.has.it' ? ['services', 'name'] : ['staff', 'sign_in_name'];
			const one = house.superuser.filter(`${field} = {:identity}`, { identity });
			expect((await house.superuser.collection(collection).getFirstListItem(one)).id).toBeDefined();
		}
		expect(questions).toEqual([
			['staff', 'services'],
			['staff', 'staff'],
			['staff', 'staff']
		]);
		const costs = await Promise.all(
			['services', 'staff'].map(async (name) => {
				const { fields } = await house.superuser.collections.getOne(name);
				return fields.find((field) => field.name === 'password')?.['cost'];
			})
		);
		expect(costs[0]).toBe(costs[1]);
	});

	it('stops guessing after ten tries at one account, for a while', async () => {
		const { signInName } = await plant.person(house, ['agent']);
		for (let tries = 0; tries < 10; tries++) {
			await expect(signIn(house.register, signInName, 'wrong', { address: '127.0.0.3' })).rejects.toMatchObject({
				reason: 'wrong_credentials'
			});
		}
		await expect(signIn(house.register, signInName, plant.password, { address: '127.0.0.3' })).rejects.toMatchObject({
			reason: 'too_many_tries'
		});
	});

	it('cannot be kept by a stranger from a browser that the person has used before', async () => {
		const { signInName } = await plant.person(house, ['agent']);
		const browser = house.register.signInLimits.remember(signInName);
		const strangers = Array.from({ length: 34 }, (_, index) => ({ address: `192.0.2.${index}` }));
		const answers = [];
		for (const from of strangers) {
			answers.push(
				await house.register.signInLimits
					.allow({ name: signInName, browser: undefined, ...from })
					.catch((fault: unknown) => fault)
			);
		}
		// Thirty from everywhere, and then nobody new, not even the person.
		expect(answers.filter((answer) => answer === undefined)).toHaveLength(30);
		await expect(signIn(house.register, signInName, plant.password, { address: '198.51.100.7' })).rejects.toMatchObject(
			{ reason: 'too_many_tries' }
		);
		expect(
			await signIn(house.register, signInName, plant.password, { address: '198.51.100.7', browser })
		).toHaveProperty('session');
	});

	it('does not count what was right: a whole office signs in from one address', async () => {
		const { signInName } = await plant.person(house, ['agent']);
		for (let time = 0; time < 12; time++) {
			await signIn(house.register, signInName, plant.password, { address: '127.0.0.9' });
		}
	});

	it('writes every sign-in and every refusal into the log, without the name that was typed', async () => {
		const { signInName } = await plant.person(house, ['agent']);
		await enter(signInName);
		await signIn(house.register, 'matti.meikalainen', 'x', { address: '127.0.0.4' }).catch(() => undefined);
		const entries = await house.register.accessLog.read({ limit: 2 });
		expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([
			['sign_in', 'refused'],
			['sign_in', 'done']
		]);
		expect(JSON.stringify(entries)).not.toContain('matti');
	});

	it('ends a session after ten idle minutes and after ten hours', async () => {
		const { signInName } = await plant.person(house, ['agent']);
		const { secret } = await enter(signInName);
		const later = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);
		expect(house.register.sessions.find(secret, later(9))).toBeDefined();
		expect(house.register.sessions.find(secret, later(20))).toBeUndefined();
		const { secret: long } = await enter(signInName);
		for (let minutes = 9; minutes < 600; minutes += 9) {
			expect(house.register.sessions.find(long, later(minutes))).toBeDefined();
		}
		expect(house.register.sessions.find(long, later(603))).toBeUndefined();
	});

	it('finds a person deactivated at the next request', async () => {
		const { signInName, person } = await plant.person(house, ['agent']);
		const { session } = await enter(signInName);
		await house.superuser.collection('staff').update(person.id, { active: false });
		expect(await whoIs(house.register, session)).toBeUndefined();
	});
});

describe('training', () => {
	it('counts only when both courses are in date', async () => {
		const { person } = await plant.person(house, ['contact_person'], { trainedFor: null });
		const now = new Date();
		expect(refusal(person, 'desk', now)).toBe('training_missing');
		await plant.train(house, person.id, 30);
		const trained = await plant.read(house, person.id);
		expect(refusal(trained, 'desk', now)).toBeUndefined();
		expect(refusal(trained, 'desk', new Date(now.getTime() + 31 * 24 * 3600_000))).toBe('training_expired');
	});

	it('does not give a role', async () => {
		const { person } = await plant.person(house, ['agent']);
		expect(refusal(person, 'desk', new Date())).toBe('wrong_role');
		expect(refusal(person, 'upkeep', new Date())).toBe('wrong_role');
		expect(refusal(person, 'audit', new Date())).toBe('wrong_role');
	});
});
