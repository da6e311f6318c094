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
}

/** One listener, told apart from every other: a visit at a kiosk, a kiosk without one, or a person. */
export function nameOf(listener: Listener): string {
	if (listener.kind === 'staff') return `person ${listener.person.id}`;
	return `kiosk ${listener.kiosk.id} visit ${listener.visit?.id ?? ''}`;
}

/** Who and where, for the access log. */
export function whoAndWhere(listener: Listener | undefined) {
	if (!listener) return { role: 'unknown' as const };
	if (listener.kind === 'staff') return { actor: listener.person.id, role: 'unknown' as const };
	const { kiosk, visit } = listener;
	return {
		role: 'customer' as const,
		kiosk: kiosk.id,
		office: kiosk.office,
		visit: visit?.id,
		appointment: visit?.appointment,
		request: visit?.request
	};
}
