import type { Entry } from '#access-log/entry.ts';
import { Failure, isFailure } from '#failures.ts';
import { newId, written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { appointments, earlyMs, type Appointment } from './appointment-row.ts';
import { recognised } from './code.ts';
import type { Kiosk } from './kiosk.ts';
import { current, tell } from './live-visit.ts';
import { visits, type Visit } from './visit.ts';

/**
 * Opens the visit of the appointment whose code is shown at this kiosk. The code finds the appointment and nothing
 * more; somebody must verify the visitor. Every code that does not fit, for whatever reason, gets the same
 * `refused: code_not_accepted`; the reason stands in the log. After five wrong ones `refused: code_locked`; fifty in an
 * hour at one office are an alarm, in the log and on the board. While the server is about to stop it opens no visit:
 * `unavailable: closing`.
 */
export async function arrive(register: Register, kiosk: Kiosk, typed: string): Promise<Visit> {
	// One after the other at a kiosk: tries that come together are counted, not let through together.
	return register.turns.take(kiosk.id, () => arriveInTurn(register, kiosk, typed));
}

async function arriveInTurn(register: Register, kiosk: Kiosk, typed: string): Promise<Visit> {
	if ((await register.codeLimits.of(kiosk.id))?.locked) {
		return refuse(register, kiosk, 'code_locked', { told: 'code_locked' });
	}
	const appointment = await find(register, typed);
	const live = await current(register, kiosk);
	if (live && live.appointment === appointment?.id) return live;
	const wrong = live ? 'kiosk_in_use' : whyNot(appointment, kiosk, register.now());
	if (wrong || !appointment) return refuseWrong(register, kiosk, wrong ?? 'wrong_code', appointment);
	if (register.closing.begun) return refuseClosing(register, kiosk, appointment);
	return open(register, kiosk, appointment);
}

async function find(register: Register, typed: string): Promise<Appointment | undefined> {
	const shown = recognised(typed);
	if (!shown) return undefined;
	return appointments(register.pocketbase.service).first({
		filter: `${shown.kind}_hash = {:hash}`,
		params: { hash: shown.hash }
	});
}

function whyNot(appointment: Appointment | undefined, kiosk: Kiosk, now: Date): string | undefined {
	if (!appointment) return 'wrong_code';
	if (appointment.state === 'cancelled') return 'cancelled';
	if (appointment.state !== 'booked') return 'used';
	if (appointment.office !== kiosk.office) return 'other_office';
	if (appointment.kiosk !== kiosk.id) return 'other_kiosk';
	if (now.getTime() < appointment.starts.getTime() - earlyMs) return 'too_early';
	if (now >= appointment.ends) return 'too_late';
	return undefined;
}

async function open(register: Register, kiosk: Kiosk, appointment: Appointment): Promise<Visit> {
	const id = newId();
	const about = { visit: id, appointment: appointment.id, request: appointment.request };
	await register.accessLog.append({ ...line(kiosk), role: 'customer', purpose: 'subject_access', ...about });
	const visit = await visits(register.pocketbase.service)
		.create({
			id,
			appointment: appointment.id,
			request: appointment.request,
			office: kiosk.office,
			kiosk: kiosk.id,
			ends: written(appointment.ends),
			language: appointment.language,
			state: 'waiting',
			arrived: written(register.now())
		})
		.catch((fault: unknown) => {
			if (isFailure(fault) && fault.kind === 'conflict') return refuseWrong(register, kiosk, 'used', appointment);
			throw fault;
		});
	await register.codeLimits.forget(kiosk.id);
	tell(register, visit);
	return visit;
}

async function refuseWrong(
	register: Register,
	kiosk: Kiosk,
	reason: string,
	appointment: Appointment | undefined
): Promise<never> {
	const { alarm } = await register.codeLimits.wrong(kiosk, reason);
	if (alarm) {
		await register.accessLog.append({ action: 'code_alarm', role: 'system', outcome: 'done', office: kiosk.office });
	}
	return refuse(register, kiosk, reason, { told: 'code_not_accepted', appointment: appointment?.id });
}

async function refuseClosing(register: Register, kiosk: Kiosk, { id }: Appointment): Promise<never> {
	await register.accessLog.append({ ...line(kiosk), outcome: 'refused', reason: 'closing', appointment: id });
	return register.closing.refuse();
}

async function refuse(
	register: Register,
	kiosk: Kiosk,
	reason: string,
	{ told, appointment }: { told: string; appointment?: string | undefined }
): Promise<never> {
	register.news.tell({ kiosk: kiosk.id, office: kiosk.office });
	await register.accessLog.append({ ...line(kiosk), outcome: 'refused', reason, appointment });
	throw new Failure('refused', told);
}

function line(kiosk: Kiosk): Entry {
	return {
		action: 'show_code',
		actor: kiosk.id,
		role: 'kiosk',
		outcome: 'done',
		kiosk: kiosk.id,
		office: kiosk.office
	};
}
