import { refusal } from '#staff/duty.ts';
import type { Person } from '#staff/person.ts';
import { earlyMs, type Appointment } from './appointment-row.ts';
import type { Kiosk } from './kiosk.ts';

/** What is to be released: where it is, at which kiosk, and its hour. */
export interface Releasable {
	office: string;
	kiosk: Pick<Kiosk, 'revoked'>;
	appointment: Pick<Appointment, 'state' | 'starts' | 'ends'>;
}

/**
 * Why this person may not release a visit now, as a reason for the log; undefined when they may: a trained contact person
 * who serves at that office, in the slot or shortly before, at a kiosk that has its right (design, "Who may do what").
 */
export function whyNotRelease(person: Person, visit: Releasable, now: Date): string | undefined {
	const { state, starts, ends } = visit.appointment;
	const away = whyNotAttend(person, visit.office, now);
	if (away) return away;
	if (visit.kiosk.revoked) return 'kiosk_revoked';
	if (state === 'cancelled') return 'cancelled';
	return now.getTime() < starts.getTime() - earlyMs || now >= ends ? 'outside_slot' : undefined;
}

/** Why they may not attend to the visits of this office at all. */
export function whyNotAttend(person: Person, office: string, now: Date): string | undefined {
	return refusal(person, 'desk', now) ?? (person.offices.includes(office) ? undefined : 'other_office');
}
