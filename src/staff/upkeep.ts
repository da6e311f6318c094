import type { Action } from '#access-log/words.ts';
import { Failure } from '#failures.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import { refusal } from './duty.ts';
import type { Person } from './person.ts';

/** Who keeps the people in order, and the database as they see it. */
export interface Maintainer {
	person: Person;
	as: Client;
}

/** Why somebody may not keep this in order, as a reason for the log: they are no maintainer, or it is their own record. */
export function whyNotKeepUp(by: Person, now: Date, about?: string): string | undefined {
	return refusal(by, 'upkeep', now) ?? (by.id === about ? 'own_record' : undefined);
}

/** Refuses, in the log first, whoever may not (`whyNotKeepUp`). */
export async function mustKeepUp(register: Register, by: Person, action: Action, about?: string): Promise<void> {
	const reason = whyNotKeepUp(by, register.now(), about);
	if (!reason) return;
	await register.accessLog.append({ ...done(by, action, about), outcome: 'refused', reason });
	throw new Failure('refused', reason);
}

/** The line of something that a maintainer does. */
export function done(by: Person, action: Action, person?: string) {
	return { action, actor: by.id, role: 'maintainer', purpose: 'administration', outcome: 'done', person } as const;
}
