import { execFileSync } from 'node:child_process';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as secondFactor from '#staff/second-factor.ts';
import { choose, enrol, finishWith, rest, signIn } from '#staff/sign-in.ts';
import { stepUp } from '#staff/step-up.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

let house: House;
beforeAll(async () => {
	house = await openHouse({ KUUNTELUPISTE_SECOND_FACTOR: 'yes' });
});
afterAll(() => house.close());
beforeEach(() => {
	house.clock.now = new Date();
});

/** The code that an app shows for the secret, so many seconds from now. */
function code(secret: string, secondsOn = 0): string {
	const timestamp = house.register.now().getTime() + secondsOn * 1000;
	return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

function pass(seconds: number): void {
	house.clock.now = new Date(house.register.now().getTime() + seconds * 1000);
}

async function half(signInName: string, password = plant.password): Promise<string> {
	const answer = await signIn(house.register, signInName, password, { address: '127.0.0.1' });
	if (!('half' in answer)) throw new Error('a password was enough');
	return answer.half;
}

function halfOf(secret: string) {
	const found = house.register.halfSignIns.find(secret, house.register.now());
	if (!found) throw new Error('the sign-in is over');
	return found;
}

/** A person with a second factor, as they are after their first sign-in. */
async function enrolled() {
	const { person, signInName } = await plant.person(house, ['maintainer']);
	const secret = await half(signInName);
	const { offered } = halfOf(secret);
	const { session, codes } = await enrol(house.register, secret, code(offered));
	return { person, signInName, offered, session, codes };
}

describe('signing in with a second factor', () => {
	test('a password alone opens nothing', async () => {
		const { signInName } = await plant.person(house, ['agent']);
		const secret = await half(signInName);
		expect(house.register.sessions.find(secret, house.register.now())).toBeUndefined();
		expect(await rest(house.register, halfOf(secret))).toBe('enrol');
		await expect(enrol(house.register, secret, '000000')).rejects.toMatchObject({ reason: 'second_factor_code' });
		await expect(finishWith(house.register, secret, '000000')).rejects.toMatchObject({ reason: 'another_step' });
	});

	test('the first time takes one into use, the next time asks for its code', async () => {
		const { signInName, offered, session, person } = await enrolled();
		expect(house.register.sessions.find(session, house.register.now())).toMatchObject({ person: person.id });
		pass(60);
		const secret = await half(signInName);
		expect(await rest(house.register, halfOf(secret))).toBe('code');
		expect(await finishWith(house.register, secret, code(offered))).not.toBe(secret);
	});

	test('a code is taken a step early or late, and no further', async () => {
		const { signInName, offered } = await enrolled();
		pass(600);
		await expect(finishWith(house.register, await half(signInName), code(offered, 90))).rejects.toMatchObject({
			reason: 'second_factor_wrong'
		});
		await expect(finishWith(house.register, await half(signInName), code(offered, -90))).rejects.toMatchObject({
			reason: 'second_factor_wrong'
		});
		await finishWith(house.register, await half(signInName), code(offered, -30));
		await finishWith(house.register, await half(signInName), code(offered, 30));
	});

	test('no code opens twice, not even at the same moment, and an older one not after a newer', async () => {
		const { signInName, offered } = await enrolled();
		pass(300);
		const [one, two] = [await half(signInName), await half(signInName)];
		const answers = await Promise.allSettled(
			[one, two].map((secret) => finishWith(house.register, secret, code(offered)))
		);
		expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		const again = await half(signInName);
		for (const seconds of [0, -30]) {
			await expect(finishWith(house.register, again, code(offered, seconds))).rejects.toMatchObject({
				reason: 'second_factor_replayed'
			});
		}
		const [last] = await house.register.accessLog.read({ limit: 1 });
		expect(last).toMatchObject({ action: 'sign_in', outcome: 'refused', reason: 'second_factor_replayed' });
	});

	test('a recovery code opens once, however it is typed, and new ones void the old', async () => {
		const { signInName, codes, person } = await enrolled();
		expect(new Set(codes).size).toBe(10);
		const [first = '', second = ''] = codes;
		await finishWith(house.register, await half(signInName), ` ${first.toLowerCase().replaceAll('-', ' ')}`);
		await expect(finishWith(house.register, await half(signInName), first)).rejects.toMatchObject({
			reason: 'second_factor_wrong'
		});
		expect(await secondFactor.recoveryLeft(house.register, person.id)).toBe(9);
		const fresh = await secondFactor.renewRecovery(house.register, person.id);
		await expect(finishWith(house.register, await half(signInName), second)).rejects.toMatchObject({ kind: 'refused' });
		await finishWith(house.register, await half(signInName), fresh[0] ?? '');
	});

	test('five wrong codes are enough for a while, whatever comes then', async () => {
		const { signInName, offered } = await enrolled();
		pass(60);
		const secret = await half(signInName);
		for (let tries = 0; tries < 5; tries++) {
			await expect(finishWith(house.register, secret, 'WRONG')).rejects.toMatchObject({
				reason: 'second_factor_wrong'
			});
		}
		await expect(finishWith(house.register, secret, code(offered))).rejects.toMatchObject({ reason: 'too_many_tries' });
	});

	test('a sign-in that stops half way is over after ten minutes', async () => {
		const { signInName, offered } = await enrolled();
		const secret = await half(signInName);
		pass(601);
		await expect(finishWith(house.register, secret, code(offered))).rejects.toMatchObject({ reason: 'sign_in_over' });
	});
});

describe('what is kept of a second factor', () => {
	test('is nowhere in clear: not in the database, not in the keyring, not in the log', async () => {
		const { offered, codes } = await enrolled();
		const needles = [offered, ...codes, ...codes.map((one) => one.replaceAll('-', ''))];
		for (const needle of needles) {
			// Exit code 1: grep found it nowhere.
			expect(() => execFileSync('grep', ['-raqF', needle, house.data])).toThrow(expect.objectContaining({ status: 1 }));
		}
	});
});

describe('a step-up', () => {
	test('takes a fresh code and gives the session a new secret', async () => {
		const { person, offered, session } = await enrolled();
		pass(360);
		await expect(stepUp(house.register, person, session, plant.password)).rejects.toMatchObject({ kind: 'refused' });
		const renewed = await stepUp(house.register, person, session, code(offered));
		expect(house.register.sessions.find(session, house.register.now())).toBeUndefined();
		expect(house.register.sessions.find(renewed, house.register.now())?.confirmed).toEqual(house.register.now());
		const entries = await house.register.accessLog.read({ limit: 2 });
		expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([
			['step_up', 'done'],
			['step_up', 'refused']
		]);
	});
});

describe('a password that somebody else gave', () => {
	async function newcomer(days: number): Promise<string> {
		const { person, signInName } = await plant.person(house, ['agent']);
		const ends = new Date(house.register.now().getTime() + days * 24 * 3600_000);
		await house.superuser.collection('staff').update(person.id, { one_time_until: ends.toISOString() });
		return signInName;
	}

	test('is good for one sign-in, in which the person chooses their own', async () => {
		const signInName = await newcomer(7);
		const secret = await half(signInName);
		expect(await rest(house.register, halfOf(secret))).toBe('password');
		await expect(choose(house.register, secret, 'too short')).rejects.toMatchObject({ reason: 'password_short' });
		await expect(choose(house.register, secret, plant.password)).rejects.toMatchObject({ reason: 'password_same' });
		await choose(house.register, secret, 'four words of my own');
		expect(await rest(house.register, halfOf(secret))).toBe('enrol');
		await expect(half(signInName)).rejects.toMatchObject({ reason: 'wrong_credentials' });
		await half(signInName, 'four words of my own');
	});

	test('their own is used as it was typed, to its last byte, and refused when it is longer or easily guessed', async () => {
		const signInName = await newcomer(7);
		const secret = await half(signInName);
		for (const [chosen, reason] of [
			['ä'.repeat(36), 'password_long'],
			['qwerty123456', 'password_common'],
			[signInName.repeat(2), 'password_common']
		] as const) {
			await expect(choose(house.register, secret, chosen)).rejects.toMatchObject({ reason });
		}
		const longest = `${'Ä kolme, sitten neljä hevosta '.repeat(2)}eli 77!`;
		expect(Buffer.byteLength(longest)).toBe(71);
		await choose(house.register, secret, longest);
		await half(signInName, longest);
		for (const other of [longest.slice(0, -1), `${longest.slice(0, -1)}?`, longest.toLowerCase()]) {
			await expect(half(signInName, other)).rejects.toMatchObject({ reason: 'wrong_credentials' });
		}
	});

	test('is good for nothing after its end, with the same answer as a wrong one', async () => {
		await expect(half(await newcomer(-1))).rejects.toMatchObject({ kind: 'refused', reason: 'wrong_credentials' });
	});
});

describe('in PocketBase itself, a person', () => {
	test('changes of their own record the password only, with the old one', async () => {
		const { person, as } = await plant.person(house, ['agent']);
		const own = as.collection('staff');
		const chosen = { password: 'another password of mine', passwordConfirm: 'another password of mine' };
		for (const more of [
			{ roles: ['agent', 'auditor'] },
			{ name: 'Another' },
			{ active: false },
			{ team: '', offices: ['x'] }
		]) {
			await expect(
				own.update(person.id, { oldPassword: plant.password, ...chosen, one_time_until: '', ...more })
			).rejects.toThrow();
		}
		await expect(own.update(person.id, { one_time_until: '' })).rejects.toThrow();
		await expect(own.update(person.id, { ...chosen, one_time_until: '' })).rejects.toThrow();
		await own.update(person.id, { oldPassword: plant.password, ...chosen, one_time_until: '' });
	});

	test('gives another a password as a maintainer, and never themselves', async () => {
		const maintainer = await plant.person(house, ['maintainer']);
		const other = await plant.person(house, ['agent']);
		const given = { password: 'a password that is given', passwordConfirm: 'a password that is given' };
		await maintainer.as.collection('staff').update(other.person.id, given);
		await expect(maintainer.as.collection('staff').update(maintainer.person.id, given)).rejects.toThrow();
		await expect(other.as.collection('staff').update(maintainer.person.id, given)).rejects.toThrow();
	});
});
