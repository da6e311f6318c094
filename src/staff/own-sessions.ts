import { Failure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import { refusal } from './duty.ts';
import type { Person } from './person.ts';
import type { Session } from './session.ts';

/** What a person sees of a session, their own or, as a maintainer, another's. */
export interface Listed {
	id: string;
	began: Date;
	seen: Date;
	device: Session['device'];
	isThis: boolean;
}

export function list(register: Register, person: string, current?: Session): Listed[] {
	return register.sessions
		.of(person, register.now())
		.map(({ id, began, seen, device }) => ({ id, began, seen, device, isThis: id === current?.id }));
}

/**
 * Ends sessions of a person, all but those to be spared: their own, or anyone's by a maintainer. What plays in one of
 * them falls silent within a second.
 */
export async function end(
	register: Register,
	by: Person,
	person: string,
	{ only, spare }: { only?: string | undefined; spare?: string | undefined } = {}
): Promise<void> {
	const own = by.id === person;
	const line = { action: 'end_session', actor: by.id, role: own ? 'unknown' : 'maintainer', person } as const;
	const reason = own ? undefined : refusal(by, 'upkeep', register.now());
	if (reason) {
		await register.accessLog.append({ ...line, outcome: 'refused', reason });
		throw new Failure('refused', reason);
	}
	const ids = register.sessions
		.of(person, register.now())
		.map(({ id }) => id)
		.filter((id) => id !== spare && (only === undefined || id === only));
	for (const id of ids) {
		await register.accessLog.append({ ...line, outcome: 'done' }).finally(() => register.sessions.endOf(person, [id]));
	}
}
