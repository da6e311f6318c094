import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Failure, isFailure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import { people, type Person } from './person.ts';
import type { Device, Session } from './session.ts';

const quarterHour = 15 * 60;

/** Limits on wrong sign-ins: ten an account and fifty an address in a quarter of an hour; they pass by themselves. */
export class SignInLimits {
	/** Of one who is signed in already: five wrong proofs in a quarter of an hour. */
	readonly stepUp = new RateLimiterMemory({ points: 5, duration: quarterHour });
	readonly account = new RateLimiterMemory({ points: 10, duration: quarterHour });
	readonly address = new RateLimiterMemory({ points: 50, duration: quarterHour });
}

/**
 * Signs a named person in and gives the session's secret. Refuses alike for an unknown name, a wrong password and an
 * account that is not active (`refused: wrong_credentials`), and after too many tries (`refused: too_many_tries`).
 */
export async function signIn(
	register: Register,
	signInName: string,
	password: string,
	address: string,
	{ device = 'unknown' }: { device?: Device } = {}
): Promise<string> {
	const name = signInName.trim().toLowerCase();
	const { account, address: from } = register.signInLimits;
	try {
		await account.consume(name).catch(tooMany);
		await from.consume(address).catch(tooMany);
		const { token, id } = await register.pocketbase.signIn(name, password);
		await account.delete(name);
		await register.accessLog.append({ action: 'sign_in', actor: id, role: 'unknown', outcome: 'done' });
		return register.sessions.open(id, token, register.now(), { device });
	} catch (error) {
		if (!isFailure(error) || error.kind !== 'refused') throw error;
		// Whoever it was is not known: the name that they typed may be anything, so it is not logged.
		await register.accessLog.append({ action: 'sign_in', role: 'unknown', outcome: 'refused', reason: error.reason });
		throw error;
	}
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

function tooMany(): never {
	throw new Failure('refused', 'too_many_tries');
}
