import type { Entry } from '#access-log/entry.ts';
import { isFailure } from '#failures.ts';
import { written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { visits, type Ending, type Visit } from './visit.ts';

/** Who ended it, when it was a member of staff. */
interface By {
	person: string;
	role: 'contact_person' | 'maintainer';
}

/**
 * Ends a visit, whoever asks first: the sound before anything else, then its state, then its line in the log. Asked
 * again it does nothing. When the log cannot be written the visit is ended all the same, and `unavailable` thrown.
 */
export async function end(register: Register, visit: Visit, why: Ending, by?: By): Promise<void> {
	await register.listenings.end(register, { visit: visit.id }, why).catch(soundIsOff);
	await register.turns.take(visit.id, () => endInTurn(register, visit, why, by));
}

/** Ends the visit at a kiosk, if there is one, and its sound before it is even looked for. */
export async function endAt(register: Register, kiosk: string, why: Ending, by?: By): Promise<void> {
	await register.listenings.end(register, { kiosk }, why).catch(soundIsOff);
	const visit = await visits(register.pocketbase.service).first({
		filter: "kiosk = {:kiosk} && state != 'ended'",
		params: { kiosk }
	});
	if (visit) await end(register, visit, why, by);
}

async function endInTurn(register: Register, visit: Visit, why: Ending, by: By | undefined): Promise<void> {
	const store = visits(register.pocketbase.service);
	if ((await store.one(visit.id)).state === 'ended') return;
	await store.update(visit.id, {
		state: 'ended',
		ended: written(register.now()),
		ended_why: why,
		playing: '',
		called: ''
	});
	register.news.tell({ kiosk: visit.kiosk, office: visit.office, visit: visit.id });
	await register.accessLog.append({
		...actor(visit, why, by),
		action: 'end_visit',
		outcome: 'done',
		reason: why,
		visit: visit.id,
		request: visit.request,
		appointment: visit.appointment,
		kiosk: visit.kiosk,
		office: visit.office
	});
}

function actor(visit: Visit, why: Ending, by: By | undefined): Pick<Entry, 'actor' | 'role'> {
	if (by) return { actor: by.person, role: by.role };
	// The hour's end and an empty chair are nobody's doing.
	return why === 'customer' ? { actor: visit.kiosk, role: 'customer' } : { role: 'system' };
}

// The running answers are cut before the log is asked; that the log failed must not keep a visit open.
function soundIsOff(fault: unknown): void {
	if (!isFailure(fault) || fault.kind !== 'unavailable') throw fault;
}
