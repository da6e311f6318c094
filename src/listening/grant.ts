import { refusal as dutyRefusal, roleOf, type Duty } from '#staff/duty.ts';
import type { Role } from '#staff/person.ts';
import type { Audible, KioskListener, Listener, StaffListener } from './listener.ts';

/** What an employee may listen for (register description § 4, 8b); there is no other purpose. */
export const purposesOfStaff = ['verify_call', 'secure_rights', 'training_and_quality'] as const;
export type Purpose = (typeof purposesOfStaff)[number] | 'subject_access';

/** They may hear it, now, in this role and for this purpose. */
export interface Grant {
	readonly granted: true;
	readonly role: Role | 'customer';
	readonly purpose: Purpose;
}
/** They may not, and why, as a code for the log; a visitor never learns it. */
export interface Refusal {
	readonly granted: false;
	readonly reason: string;
}

/** A contact person may hear the first half minute of one candidate of one open request (design, "Who may do what"). */
export interface Check {
	readonly request: string;
	readonly until: Date;
}

export interface Asked {
	readonly listener: Listener;
	readonly recording: Audible;
	/** What a person said they would listen for; a customer at a kiosk always listens to access their own data. */
	readonly purpose?: Purpose | undefined;
	/** The check by ear that a contact person has begun inside an open request: half a minute, once. */
	readonly check?: Check | undefined;
	readonly now: Date;
}

/**
 * May this listener hear this recording now? The row "hear audio" of the design's matrix (§ 8a–8d), and the only place
 * that decides it. Default deny. Past its retention time nobody hears a recording; one that is held still opens to the
 * customer to whom it was released, and to nobody else (GDPR Art. 18(2)).
 */
export function grant({ listener, recording, purpose, check, now }: Asked): Grant | Refusal {
	if (now >= recording.destroyAfter && !(listener.kind === 'kiosk' && isHeld(recording, now))) {
		return refused('past_retention');
	}
	return listener.kind === 'kiosk'
		? ofKiosk(listener, recording, now)
		: purpose === 'subject_access'
			? ofDesk(listener, check, now)
			: ofStaff(listener, recording, purpose, now);
}

function isHeld({ heldUntil }: Audible, now: Date): boolean {
	return heldUntil !== undefined && now < heldUntil;
}

function ofKiosk({ kiosk, visit }: KioskListener, recording: Audible, now: Date): Grant | Refusal {
	if (kiosk.revoked) return refused('kiosk_revoked');
	if (!visit) return refused('no_visit');
	if (visit.kiosk !== kiosk.id) return refused('other_kiosk');
	if (!visit.verifiedBy) return refused('not_verified');
	if (now >= visit.ends) return refused('hour_over');
	if (visit.state !== 'list' && visit.state !== 'player') return refused('not_released_yet');
	if (!visit.recordings.includes(recording.id)) return refused('not_released');
	return { granted: true, role: 'customer', purpose: 'subject_access' };
}

function ofDesk({ person }: StaffListener, check: Check | undefined, now: Date): Grant | Refusal {
	if (!check) return refused('not_offered');
	const reason = dutyRefusal(person, 'desk', now);
	if (reason) return refused(reason);
	if (now >= check.until) return refused('check_over');
	return { granted: true, role: roleOf('desk'), purpose: 'subject_access' };
}

function ofStaff(
	{ person }: StaffListener,
	recording: Audible,
	purpose: Purpose | undefined,
	now: Date
): Grant | Refusal {
	const own = recording.employee === person.id && person.roles.includes('agent');
	const subordinates = recording.team !== '' && person.supervises.includes(recording.team);
	const duty: Duty = own || !person.roles.includes('supervisor') ? 'listen_own' : 'listen_team';
	const reason = dutyRefusal(person, duty, now);
	if (reason) return refused(reason);
	if (!own && duty === 'listen_own') return refused('not_own_call');
	if (!own && !subordinates) return refused('not_subordinates_call');
	const stated = purposesOfStaff.find((one) => one === purpose);
	if (!stated) return refused('purpose_missing');
	return { granted: true, role: roleOf(duty), purpose: stated };
}

function refused(reason: string): Refusal {
	return { granted: false, reason };
}
