import { isTrained, type Person, type Role } from './person.ts';

/** What somebody comes to the console to do, and whom the matrix of the design lets do it. */
const duties = {
	desk: { role: 'contact_person', training: true },
	listen_own: { role: 'agent', training: true },
	listen_team: { role: 'supervisor', training: true },
	train_team: { role: 'supervisor', training: false },
	train_anyone: { role: 'maintainer', training: false },
	upkeep: { role: 'maintainer', training: false },
	audit: { role: 'auditor', training: false }
} as const satisfies Record<string, { role: Role; training: boolean }>;
export type Duty = keyof typeof duties;

/** Why a person may not do a duty now, as a reason for the log; undefined when they may (§ 8a, 8c). Default deny. */
export function refusal(person: Person, duty: Duty, now: Date): string | undefined {
	const { role, training } = duties[duty];
	if (!person.active) return 'not_active';
	if (!person.roles.includes(role)) return 'wrong_role';
	if (training && person.trainedUntil === undefined) return 'training_missing';
	if (training && !isTrained(person, now)) return 'training_expired';
	return undefined;
}

/** The role under which a duty is done, for the log. */
export function roleOf(duty: Duty): Role {
	return duties[duty].role;
}
