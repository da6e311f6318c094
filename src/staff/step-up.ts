import { Failure, isFailure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import type { Person } from './person.ts';

/**
 * Proves anew who sits at a session, for what must not be done at a screen that somebody left: gives the session's new
 * secret. By the second factor, or by the password where the settings require no second factor. Refuses with
 * `refused: wrong_credentials` or `too_many_tries`, in the log too.
 */
export async function stepUp(register: Register, person: Person, secret: string, proof: string): Promise<string> {
	const line = { action: 'step_up', actor: person.id, role: 'unknown' } as const;
	try {
		await register.signInLimits.stepUp.consume(person.id).catch(tooMany);
		await register.pocketbase.signIn(person.signInName, proof);
		await register.signInLimits.stepUp.delete(person.id);
	} catch (fault) {
		if (isFailure(fault) && fault.kind === 'refused') {
			await register.accessLog.append({ ...line, outcome: 'refused', reason: fault.reason });
		}
		throw fault;
	}
	await register.accessLog.append({ ...line, outcome: 'done' });
	const renewed = register.sessions.renew(secret, register.now());
	if (!renewed) throw new Failure('too_late', 'session_over');
	return renewed;
}

function tooMany(): never {
	throw new Failure('refused', 'too_many_tries');
}
