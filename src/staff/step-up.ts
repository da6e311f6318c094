import { Failure, isFailure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import type { Person } from './person.ts';
import * as secondFactor from './second-factor.ts';

/**
 * Proves anew who sits at a session, for what must not be done at a screen that somebody left: gives the session's new
 * secret. By the second factor, or by the password where the settings require no second factor. Refuses with
 * `refused`, in the log too: `wrong_credentials`, `second_factor_wrong`, `second_factor_replayed` or `too_many_tries`.
 */
export async function stepUp(register: Register, person: Person, secret: string, proof: string): Promise<string> {
	const line = { action: 'step_up', actor: person.id, role: 'unknown' } as const;
	try {
		await register.signInLimits.allowProof(person.id);
		if (register.secondFactor) await secondFactor.prove(register, person.id, proof);
		else await register.pocketbase.signIn(person.signInName, proof);
		await register.signInLimits.rightProof(person.id);
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
