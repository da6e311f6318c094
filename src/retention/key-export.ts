import { Failure, isFailure } from '#failures.ts';
import { termOfDay } from '#recordings/term.ts';
import type { Register } from '#register.server.ts';
import type { Person, Role } from '#staff/person.ts';
import { finishWith, signIn, signOut, whoIs } from '#staff/sign-in.ts';

/** What one of the two persons types to show who they are. */
export interface Hand {
	readonly signInName: string;
	readonly password: string;
	/** Of their second factor; not looked at where the settings require none. */
	readonly code: string;
}

const mayHelp: readonly Role[] = ['maintainer', 'auditor'];

/**
 * Gives out the age identity of a day (YYYY-MM-DD), with which Debian's `age` opens that day's recordings when this
 * application cannot. It takes two persons, a maintainer and another maintainer or an auditor, each with password and
 * second factor; both are in the log before the key leaves. Refuses as a sign-in does, and with `refused: wrong_role` or
 * `same_person`, `too_late: past_retention`, `missing: day_key_destroyed`.
 */
export async function exportDay(register: Register, day: string, hands: readonly [Hand, Hand]): Promise<string> {
	const first = await proven(register, hands[0]);
	const second = await proven(register, hands[1]);
	const line = {
		action: 'export_key',
		purpose: 'administration',
		measures: { day: Number(day.replaceAll('-', '')) }
	} as const;
	const both = [first, second].map(({ id, roles }) => ({
		...line,
		actor: id,
		role: mayHelp.find((role) => roles.includes(role)) ?? ('unknown' as const)
	}));
	try {
		mustBeTwo(first, second);
		if (termOfDay(day) <= register.now()) throw new Failure('too_late', 'past_retention');
		const identity = await register.keyring.identityFor(day);
		await register.accessLog.append(both.map((one) => ({ ...one, outcome: 'done' })));
		return identity;
	} catch (fault) {
		if (!isFailure(fault) || fault.kind === 'unavailable') throw fault;
		await register.accessLog.append(both.map((one) => ({ ...one, outcome: 'refused', reason: fault.reason })));
		throw fault;
	}
}

function mustBeTwo(first: Person, second: Person): void {
	if (first.id === second.id) throw new Failure('refused', 'same_person');
	const both = [first, second];
	const able = both.every(({ roles }) => roles.some((role) => mayHelp.includes(role)));
	if (!able || !both.some(({ roles }) => roles.includes('maintainer'))) throw new Failure('refused', 'wrong_role');
}

/** Who this is, by a whole sign-in that ends at once. */
async function proven(register: Register, { signInName, password, code }: Hand): Promise<Person> {
	const answer = await signIn(register, signInName, password, { address: 'a command' });
	const secret = 'session' in answer ? answer.session : await finishWith(register, answer.half, code);
	try {
		const session = register.sessions.find(secret, register.now());
		const person = session && (await whoIs(register, session));
		if (!person) throw new Failure('refused', 'wrong_credentials');
		return person;
	} finally {
		await signOut(register, secret);
	}
}
