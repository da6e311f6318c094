import { isFailure } from '#failures.ts';
import { written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import type { LogRole } from '#access-log/words.ts';
import type { Kiosk } from './kiosk.ts';
import { visits, type Ending, type Visit } from './visit.ts';

/** Who ended it, when it was not the visitor. */
interface By {
	person: string;
	role: LogRole;
}

/** Ends a visit, whoever asks first: the sound before anything else, then its line in the log, then its state. */
export async function end(register: Register, visit: Visit, why: Ending, by?: By): Promise<void> {
	if (visit.state === 'ended') return;
	await register.listenings.end(register, { visit: visit.id }, why).catch(soundIsOff);
	const store = visits(register.pocketbase.service);
	const now = (await store.one(visit.id)).state;
	if (now === 'ended') return;
	await store.update(visit.id, {
		state: 'ended',
		ended: written(register.now()),
		ended_why: why,
		playing: '',
		called: ''
	});
	register.news.tell({ kiosk: visit.kiosk, office: visit.office, visit: visit.id });
	await register.accessLog.append({
		action: 'end_visit',
		actor: by?.person ?? visit.kiosk,
		role: by?.role ?? (why === 'slot_over' ? 'system' : 'customer'),
		outcome: 'done',
		reason: why,
		visit: visit.id,
		request: visit.request,
		appointment: visit.appointment,
		kiosk: visit.kiosk,
		office: visit.office
	});
}

/** Ends the visit at a kiosk, if there is one. */
export async function endAt(register: Register, kiosk: Kiosk, why: Ending, by?: By): Promise<void> {
	await register.listenings.end(register, { kiosk: kiosk.id }, why).catch(soundIsOff);
	const visit = await visits(register.pocketbase.service).first({
		filter: "kiosk = {:kiosk} && state != 'ended'",
		params: { kiosk: kiosk.id }
	});
	if (visit) await end(register, visit, why, by);
}

// The running answers are cut before the log is asked; that the log failed must not keep a visit open.
function soundIsOff(fault: unknown): void {
	if (!isFailure(fault) || fault.kind !== 'unavailable') throw fault;
}
