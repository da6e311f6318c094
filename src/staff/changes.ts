import type { Action } from '#access-log/words.ts';
import { roles, type Person } from './person.ts';

/** What a maintainer may set of a person. */
export type Settable = Pick<Person, 'name' | 'active' | 'roles' | 'team' | 'supervises' | 'offices'>;

/** One change, as the log names it; a role stands as the reason. */
export interface Change {
	action: Action;
	reason?: string;
}

/** What differs between a person as they are and as they are to be, a line of the log each; nothing for no change. */
export function changesOf(before: Settable, wanted: Settable): Change[] {
	const changes: Change[] = [];
	if (before.name !== wanted.name) changes.push({ action: 'rename_person' });
	if (before.active !== wanted.active)
		changes.push({ action: wanted.active ? 'activate_person' : 'deactivate_person' });
	for (const role of roles) {
		const [had, has] = [before.roles.includes(role), wanted.roles.includes(role)];
		if (had !== has) changes.push({ action: has ? 'give_role' : 'take_role', reason: role });
	}
	if (before.team !== wanted.team) changes.push({ action: 'change_team' });
	if (!isSameSet(before.supervises, wanted.supervises)) changes.push({ action: 'change_supervised' });
	if (!isSameSet(before.offices, wanted.offices)) changes.push({ action: 'change_offices' });
	return changes;
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
	return [...one].sort().join() === [...other].sort().join();
}
