import { Failure } from '#failures.ts';
import { written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { appointments } from './appointment-row.ts';
import { tell } from './live-visit.ts';
import { byPerson, refuse, served, type ContactPerson } from './verification.ts';
import { visits, type Visit } from './visit.ts';

/** By how much a visit grows at a time. */
export const longerByMinutes = 15;

/**
 * Gives a released visit a quarter of an hour more, if the kiosk is free for that long. Refuses, in the log too, with
 * `next_visitor` when somebody else's booked hour would begin meanwhile; the database holds the same rule by a trigger.
 */
export async function extend(register: Register, door: ContactPerson, visitId: string): Promise<Visit> {
	return served(register, door, visitId, 'extend_visit', async (visit) => {
		if (visit.state === 'ended' || visit.ends <= register.now()) throw new Failure('too_late', 'visit_over');
		if (!visit.verifiedBy) throw new Failure('conflict', 'not_released_yet');
		const ends = new Date(visit.ends.getTime() + longerByMinutes * 60_000);
		if (await nextVisitor(door, visit, ends)) {
			return refuse(register, door.person, 'extend_visit', 'next_visitor', visit);
		}
		await register.accessLog.append(
			byPerson(visit, door.person, { action: 'extend_visit', measures: { minutes: longerByMinutes } })
		);
		const longer = await visits(door.as).update(visit.id, { ends: written(ends) });
		tell(register, visit);
		return longer;
	});
}

async function nextVisitor({ as }: ContactPerson, visit: Visit, ends: Date): Promise<boolean> {
	const next = await appointments(as).first({
		filter: "kiosk = {:kiosk} && id != {:own} && state = 'booked' && starts < {:ends} && ends > {:now}",
		params: { kiosk: visit.kiosk, own: visit.appointment, ends: written(ends), now: written(visit.ends) }
	});
	return next !== undefined;
}
