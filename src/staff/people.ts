import { newId } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { changesOf, type Settable } from './changes.ts';
import { newOneTime } from './password.ts';
import { people, type Person } from './person.ts';
import * as secondFactor from './second-factor.ts';
import { done, mustKeepUp, type Maintainer } from './upkeep.ts';

/** A new person; what they may do is set when they are added. */
export type Newcomer = Settable & { signInName: string };

/** Every person, those who may sign in first. */
export function everyone({ as }: Pick<Maintainer, 'as'>): Promise<Person[]> {
	return people(as).list({ filter: '', sort: '-active,name', limit: 5000 });
}

/**
 * Adds a person, in the log first with each of their roles, and gives the password for their first sign-in, which is
 * shown once. Refuses with `conflict: taken` when somebody has the sign-in name.
 */
export async function add(register: Register, { person: by, as }: Maintainer, newcomer: Newcomer) {
	await mustKeepUp(register, by, 'add_person');
	const id = newId();
	await register.accessLog.append(done(by, 'add_person', id));
	for (const role of newcomer.roles) {
		await register.accessLog.append({ ...done(by, 'give_role', id), reason: role });
	}
	const password = newOneTime(register.now());
	await people(as).create({ id, sign_in_name: newcomer.signInName, ...rowOf(newcomer), ...password });
	return { id, password: password.password };
}

/**
 * Changes what a person is called and may do; a line for each change comes first. It holds from the person's next request,
 * and what they are hearing falls silent within a second. Nobody changes their own record (`refused: own_record`).
 */
export async function change(
	register: Register,
	{ person: by, as }: Maintainer,
	id: string,
	wanted: Settable
): Promise<void> {
	await mustKeepUp(register, by, 'change_person', id);
	const changes = changesOf(await people(as).one(id), wanted);
	for (const one of changes) await register.accessLog.append({ ...done(by, one.action, id), reason: one.reason });
	if (changes.length === 0) return;
	await people(as).update(id, rowOf(wanted));
	if (!wanted.active) register.sessions.endOf(id);
}

/** A new password for one sign-in, for somebody who has forgotten theirs; their sessions end. It is shown once. */
export async function givePassword(register: Register, { person: by, as }: Maintainer, id: string): Promise<string> {
	await mustKeepUp(register, by, 'give_password', id);
	await register.accessLog.append(done(by, 'give_password', id));
	const password = newOneTime(register.now());
	await people(as).update(id, { ...password });
	register.sessions.endOf(id);
	return password.password;
}

/** For somebody who has lost both phone and codes: they take a new second factor into use at the next sign-in. */
export async function resetSecondFactor(register: Register, { person: by }: Maintainer, id: string): Promise<void> {
	await mustKeepUp(register, by, 'reset_second_factor', id);
	await register.accessLog.append(done(by, 'reset_second_factor', id));
	await secondFactor.forget(register, id);
	register.sessions.endOf(id);
}

function rowOf({ name, active, roles, team, supervises, offices }: Settable) {
	return { name, active, roles, team, supervises, offices };
}
