import type { Entry } from '#access-log/entry.ts';
import type { Subject } from '#access-log/words.ts';
import type { Person } from '#staff/person.ts';

/** A paired kiosk and the visit that is at it now, as plain data: visits are a higher room than this one. */
export interface KioskListener {
	readonly kind: 'kiosk';
	readonly kiosk: { readonly id: string; readonly office: string; readonly revoked?: Date | undefined };
	readonly visit: VisitHeard | undefined;
}

/** What a grant and the access log need to know of a visit. */
export interface VisitHeard {
	readonly id: string;
	readonly request: string;
	readonly appointment: string;
	readonly kiosk: string;
	readonly state: string;
	/** The end of the hour. */
	readonly ends: Date;
	/** Who checked the identity document; undefined or empty while nobody has. */
	readonly verifiedBy?: string | undefined;
	/** The recordings that were released to this kiosk for this hour. */
	readonly recordings: readonly string[];
}

/** A signed-in person as the database knows them now. */
export interface StaffListener {
	readonly kind: 'staff';
	readonly person: Person;
	/** PocketBase's token of their session: what they read, they read as themselves. */
	readonly token: string;
}

export type Listener = KioskListener | StaffListener;

/** The part of a recording that a grant looks at. */
export interface Audible {
	readonly id: string;
	readonly employee: string;
	/** The employee's team now; empty for none. */
	readonly team: string;
	readonly destroyAfter: Date;
	/** The end of the longest hold on it. */
	readonly heldUntil?: Date | undefined;
}

/** One listener, told apart from every other: a visit at a kiosk, a kiosk without one, or a person. */
export function nameOf(listener: Listener): string {
	if (listener.kind === 'staff') return `person ${listener.person.id}`;
	return `kiosk ${listener.kiosk.id} visit ${listener.visit?.id ?? ''}`;
}

/** The same person, or the same kiosk, whatever its visit. */
export function isSame(one: Listener, other: Listener): boolean {
	if (one.kind === 'staff') return other.kind === 'staff' && one.person.id === other.person.id;
	return other.kind === 'kiosk' && one.kiosk.id === other.kiosk.id;
}

/** Who and where, for the access log. */
export function whoAndWhere(listener: Listener | undefined): Pick<Entry, 'actor' | 'role' | Subject> {
	if (!listener) return { role: 'unknown' };
	if (listener.kind === 'staff') return { actor: listener.person.id, role: 'unknown' };
	const { kiosk, visit } = listener;
	return {
		actor: kiosk.id,
		role: visit ? 'customer' : 'kiosk',
		kiosk: kiosk.id,
		office: kiosk.office,
		visit: visit?.id,
		appointment: visit?.appointment,
		request: visit?.request
	};
}
