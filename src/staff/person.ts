import * as v from 'valibot';
import { collection, instant } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';

/** What a person may be; roles are additive (register description § 8a). */
export const roles = ['contact_person', 'agent', 'supervisor', 'maintainer', 'auditor'] as const;
export type Role = (typeof roles)[number];

const Row = v.pipe(
	v.object({
		id: v.string(),
		sign_in_name: v.string(),
		name: v.string(),
		active: v.boolean(),
		roles: v.array(v.picklist(roles)),
		team: v.string(),
		supervises: v.array(v.string()),
		offices: v.array(v.string()),
		trained_until: instant
	}),
	v.transform((row) => ({
		id: row.id,
		signInName: row.sign_in_name,
		name: row.name,
		active: row.active,
		roles: row.roles,
		/** The team that they are in now; empty for none. */
		team: row.team,
		/** The teams whose supervisor they are. */
		supervises: row.supervises,
		/** Where a contact person serves. */
		offices: row.offices,
		/** The end of the shorter of the two courses (§ 8c); undefined when one is missing. */
		trainedUntil: row.trained_until
	}))
);
/** A named person, as the database knows them at this moment. */
export type Person = v.InferOutput<typeof Row>;

/** The people as one client may see them. */
export function people(as: Client) {
	return collection(as, 'staff', Row);
}

/** Whether both courses are in date (§ 8c). */
export function isTrained(person: Person, now: Date): boolean {
	return person.trainedUntil !== undefined && person.trainedUntil > now;
}
