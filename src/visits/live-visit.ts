import type { Entry } from '#access-log/entry.ts';
import { Failure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import { end } from './ending.ts';
import type { Kiosk } from './kiosk.ts';
import { visits, type Visit } from './visit.ts';

/** The visit at this kiosk now. One whose hour is over is ended here. */
export async function current(register: Register, kiosk: Pick<Kiosk, 'id'>): Promise<Visit | undefined> {
	const visit = await visits(register.pocketbase.service).first({
		filter: "kiosk = {:kiosk} && state != 'ended'",
		params: { kiosk: kiosk.id }
	});
	if (!visit || register.now() < visit.ends) return visit;
	await end(register, visit, 'slot_over');
	return undefined;
}

/**
 * Does `work` on the visit at this kiosk, as it is when its turn has come. Everything that changes a visit happens one
 * after the other, so that what has ended stays ended. Refuses with `too_late: visit_over` when there is none.
 */
export async function inTurn<T>(register: Register, kiosk: Kiosk, work: (visit: Visit) => Promise<T>): Promise<T> {
	const visit = await current(register, kiosk);
	if (!visit) throw new Failure('too_late', 'visit_over');
	return register.turns.take(visit.id, async () => {
		const now = await visits(register.pocketbase.service).one(visit.id);
		if (now.state === 'ended') throw new Failure('too_late', 'visit_over');
		return work(now);
	});
}

/** Changes a visit as the kiosk's side, and tells the screens. */
export async function change(register: Register, visit: Visit, body: Record<string, unknown>): Promise<Visit> {
	const changed = await visits(register.pocketbase.service).update(visit.id, body);
	tell(register, visit);
	return changed;
}

/** Tells the screens that this visit changed. */
export function tell(register: Register, { id, kiosk, office }: Visit): void {
	register.news.tell({ kiosk, office, visit: id });
}

/** A line for the log about a visit: as its visitor, unless told otherwise. */
export function line(visit: Visit, entry: Pick<Entry, 'action'> & Partial<Entry>): Entry {
	return {
		actor: visit.kiosk,
		role: 'customer',
		purpose: 'subject_access',
		outcome: 'done',
		visit: visit.id,
		request: visit.request,
		appointment: visit.appointment,
		kiosk: visit.kiosk,
		office: visit.office,
		...entry
	};
}
