import { setTimeout as wait } from 'node:timers/promises';
import { Failure, isFailure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import type { HalfSignIn } from './half-sign-in.ts';
import { choosePassword, oneTimeUntil } from './password.ts';
import { people, type Person } from './person.ts';
import * as secondFactor from './second-factor.ts';
import type { Device, Session } from './session.ts';

// Every no takes as long: longer than any of them needs.
const refusalMs = 1000;

/** Where somebody signs in from. */
export interface From {
	address: string;
	device?: Device;
	/** The secret of a browser that the person has signed in from before. */
	browser?: string | undefined;
}

/** A session at once, or the secret of a sign-in that wants more: `rest` says what. */
export type SignedIn = { session: string } | { half: string };

/**
 * Checks a named person's name and password. Refuses alike, and after as long, for an unknown name, a wrong password, an
 * account that is not active and a one-time password that is too old (`refused: wrong_credentials`), and after too many
 * tries (`refused: too_many_tries`). Whoever owes a second factor or a password of their own goes on with `rest`.
 */
export async function signIn(
	register: Register,
	signInName: string,
	password: string,
	{ address, device = 'unknown', browser }: From
): Promise<SignedIn> {
	const began = performance.now();
	const trying = { name: signInName.trim().toLowerCase(), address, browser };
	const { signInLimits: limits } = register;
	const now = register.now();
	try {
		await limits.allow(trying);
		const { token, id } = await register.pocketbase.signIn(trying.name, password).catch(async (fault: unknown) => {
			await limits.wrong(trying);
			throw fault;
		});
		const ends = await oneTimeUntil(register.pocketbase.as(token), id);
		if (ends && ends <= now) throw new Failure('refused', 'wrong_credentials');
		await limits.right(trying);
		const half = {
			person: id,
			signInName: trying.name,
			// To be given once more with the person's own choice; else it is not kept for a moment.
			password: ends ? password : '',
			token,
			device,
			mustChoosePassword: ends !== undefined
		};
		if (register.secondFactor || ends) {
			return { half: register.halfSignIns.begin({ ...half, offered: secondFactor.newSecret() }, now) };
		}
		return { session: await open(register, half) };
	} catch (fault) {
		if (!isFailure(fault) || fault.kind !== 'refused') throw fault;
		// Whoever it was is not known: the name that they typed may be anything, so it is not logged.
		await register.accessLog.append({ action: 'sign_in', role: 'unknown', outcome: 'refused', reason: fault.reason });
		await wait(Math.max(0, refusalMs - (performance.now() - began)));
		throw fault;
	}
}

/** What a half sign-in wants next. */
export async function rest(register: Register, half: HalfSignIn): Promise<'password' | 'enrol' | 'code' | 'nothing'> {
	if (half.mustChoosePassword) return 'password';
	if (!register.secondFactor) return 'nothing';
	return (await secondFactor.isEnrolled(register, half.person)) ? 'code' : 'enrol';
}

/** Their own password in the place of the one that was given. Gives the session when nothing else is wanted. */
export async function choose(register: Register, secret: string, chosen: string): Promise<string | undefined> {
	const half = mustFind(register, secret);
	half.token = (await choosePassword(register, half, { old: half.password, chosen })).token;
	half.mustChoosePassword = false;
	return (await rest(register, half)) === 'nothing' ? finish(register, secret, half) : undefined;
}

/** Takes the offered second factor into use; gives the session and the recovery codes. */
export async function enrol(register: Register, secret: string, code: string) {
	const half = await mustWant(register, secret, 'enrol');
	await register.signInLimits.allowProof(half.person);
	const codes = await secondFactor.enrol(register, half.person, half.offered, code);
	await register.signInLimits.rightProof(half.person);
	return { session: await finish(register, secret, half), codes };
}

/** The code of the second factor, or a recovery code; gives the session. Each wrong one is in the log. */
export async function finishWith(register: Register, secret: string, code: string): Promise<string> {
	const half = await mustWant(register, secret, 'code');
	try {
		await register.signInLimits.allowProof(half.person);
		await secondFactor.prove(register, half.person, code);
	} catch (fault) {
		if (!isFailure(fault) || fault.kind !== 'refused') throw fault;
		const { reason } = fault;
		await register.accessLog.append({
			action: 'sign_in',
			actor: half.person,
			role: 'unknown',
			outcome: 'refused',
			reason
		});
		throw fault;
	}
	await register.signInLimits.rightProof(half.person);
	return finish(register, secret, half);
}

/** Ends a session, in the log too. */
export async function signOut(register: Register, secret: string | undefined): Promise<void> {
	const session = register.sessions.find(secret, register.now());
	if (!session) return;
	register.sessions.end(secret);
	await register.accessLog.append({ action: 'sign_out', actor: session.person, role: 'unknown', outcome: 'done' });
}

/**
 * The person behind a session, read afresh from the database, so that a lost role, an expired training or a
 * deactivation counts at the next request. Undefined when they are not active any more.
 */
export async function whoIs(register: Register, session: Session): Promise<Person | undefined> {
	const person = await people(register.pocketbase.as(session.token))
		.one(session.person)
		.catch((error: unknown) => {
			if (isFailure(error) && (error.kind === 'missing' || error.kind === 'refused')) return undefined;
			throw error;
		});
	return person?.active ? person : undefined;
}

async function finish(register: Register, secret: string, half: HalfSignIn): Promise<string> {
	// Whoever sends the last form twice gets one session.
	if (!register.halfSignIns.find(secret, register.now())) throw new Failure('too_late', 'sign_in_over');
	register.halfSignIns.end(secret);
	return open(register, half);
}

async function open(register: Register, { person, token, device }: Pick<HalfSignIn, 'person' | 'token' | 'device'>) {
	await register.accessLog.append({ action: 'sign_in', actor: person, role: 'unknown', outcome: 'done' });
	return register.sessions.open(person, token, register.now(), { device });
}

function mustFind(register: Register, secret: string): HalfSignIn {
	const half = register.halfSignIns.find(secret, register.now());
	if (!half) throw new Failure('too_late', 'sign_in_over');
	return half;
}

async function mustWant(register: Register, secret: string, step: 'enrol' | 'code'): Promise<HalfSignIn> {
	const half = mustFind(register, secret);
	if ((await rest(register, half)) !== step) throw new Failure('conflict', 'another_step');
	return half;
}
