import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Action } from '#access-log/words.ts';
import { Failure, isFailure } from '#failures.ts';
import type { KioskListener } from '#listening/listener.ts';
import { written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { appointments, earlyMs, type Appointment } from './appointment-row.ts';
import { recognised } from './code.ts';
import { end } from './ending.ts';
import type { Kiosk } from './kiosk.ts';
import { next, visits, type Ending, type Visit, type VisitEvent } from './visit.ts';

// The customer's side of a visit: what a kiosk may do, as the service account of the web server.

/** Wrong codes at one kiosk: five in a quarter of an hour, then it waits. */
export class CodeLimits {
	readonly kiosk = new RateLimiterMemory({ points: 5, duration: 15 * 60 });
}

/**
 * Opens the visit of the appointment whose code is shown at this kiosk. The code finds the appointment and nothing
 * more; somebody must verify the visitor. Every code that does not fit, for whatever reason, gets the same
 * `refused: code_not_accepted`; the reason stands in the log. After five wrong ones `refused: code_locked`.
 */
export async function arrive(register: Register, kiosk: Kiosk, typed: string): Promise<Visit> {
	const limit = await register.codeLimits.kiosk.get(kiosk.id);
	if (limit && limit.remainingPoints <= 0) return refuse(register, kiosk, 'code_locked', 'code_locked');
	const shown = recognised(typed);
	const appointment =
		shown &&
		(await appointments(register.pocketbase.service).first({
			filter: `${shown.kind}_hash = {:hash}`,
			params: { hash: shown.hash }
		}));
	const live = await current(register, kiosk);
	if (live && live.appointment === appointment?.id) return live;
	const wrong = live ? 'kiosk_in_use' : whyNot(appointment, kiosk, register.now());
	if (wrong || !appointment) {
		await register.codeLimits.kiosk.consume(kiosk.id).catch(() => undefined);
		return refuse(register, kiosk, wrong ?? 'wrong_code', 'code_not_accepted', appointment);
	}
	const visit = await visits(register.pocketbase.service)
		.create({
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
			if (!isFailure(fault) || fault.kind !== 'conflict') throw fault;
			return refuse(register, kiosk, 'used', 'code_not_accepted', appointment);
		});
	await register.codeLimits.kiosk.delete(kiosk.id);
	await log(register, visit, 'show_code');
	tell(register, visit);
	return visit;
}

/** The visit at this kiosk now. One whose hour is over is ended here. */
export async function current(register: Register, kiosk: Kiosk): Promise<Visit | undefined> {
	const visit = await visits(register.pocketbase.service).first({
		filter: "kiosk = {:kiosk} && state != 'ended'",
		params: { kiosk: kiosk.id }
	});
	if (!visit || register.now() < visit.ends) return visit;
	await end(register, visit, 'slot_over');
	return undefined;
}

/** Takes one step of the visit machine for the visitor. Leaving the player stops its sound. */
export async function step(
	register: Register,
	kiosk: Kiosk,
	event: Exclude<VisitEvent, 'release' | 'end'>,
	{ recording }: { recording?: string } = {}
): Promise<Visit> {
	const visit = await here(register, kiosk);
	const state = next(visit.state, event);
	if (!state) throw new Failure('conflict', 'no_such_step');
	if (event === 'choose' && (!recording || !visit.recordings.includes(recording))) {
		throw new Failure('missing', 'not_released');
	}
	if (visit.state === 'player') await register.listenings.end(register, { visit: visit.id }, 'left_player');
	const chosen = event === 'choose' ? { playing: recording, position_ms: 0 } : { playing: '' };
	return change(register, visit, { state, ...chosen });
}

/** The player is at this place; a reloaded kiosk comes back to it. `heardSeconds` counts from the play's beginning. */
export async function moved(
	register: Register,
	kiosk: Kiosk,
	recording: string,
	at: { positionMs: number; heardSeconds: number }
): Promise<void> {
	const visit = await here(register, kiosk);
	if (visit.state !== 'player' || visit.playing !== recording) throw new Failure('conflict', 'no_such_step');
	const listener: KioskListener = { kind: 'kiosk', kiosk, visit };
	await register.listenings.progress(register, listener, recording, at);
	await visits(register.pocketbase.service).update(visit.id, { position_ms: Math.round(at.positionMs) });
}

/**
 * "This is not my call": its sound stops, it leaves the visit and the request, and the contact person is told. The
 * visit goes on with the others.
 */
export async function notMine(register: Register, kiosk: Kiosk, recording: string): Promise<Visit> {
	const visit = await here(register, kiosk);
	await register.listenings.end(register, { visit: visit.id, recording }, 'not_my_call');
	if (!visit.recordings.includes(recording)) throw new Failure('missing', 'not_released');
	await log(register, visit, 'report_not_my_call', { recording });
	const rest = visit.recordings.filter((one) => one !== recording);
	const changed = await change(register, visit, {
		'recordings-': recording,
		playing: '',
		called: written(register.now()),
		state: rest.length > 0 ? 'list' : 'leaving'
	});
	await onRequest(register, visit, { 'recordings-': recording, 'not_mine+': recording });
	await log(register, visit, 'unbind_recording', { recording });
	return changed;
}

/** What a visitor may ask for beyond the listening; it keeps the request open. */
export const wishes = ['copy', 'correction', 'talk', 'text'] as const;
export type Wish = (typeof wishes)[number];

/** Puts a wish onto the request. */
export async function wish(register: Register, kiosk: Kiosk, wanted: Wish): Promise<Visit> {
	const visit = await here(register, kiosk);
	await log(register, visit, 'wish', { reason: wanted });
	await onRequest(register, visit, { 'wishes+': wanted });
	return change(register, visit, { 'wishes+': wanted });
}

/** The visitor wants somebody to come. */
export async function callStaff(register: Register, kiosk: Kiosk): Promise<Visit> {
	const visit = await here(register, kiosk);
	if (visit.called) return visit;
	await log(register, visit, 'call_staff');
	return change(register, visit, { called: written(register.now()) });
}

/** The visitor goes, or nobody is there any more. */
export async function leave(register: Register, kiosk: Kiosk, why: Extract<Ending, 'customer' | 'idle'>): Promise<void> {
	const visit = await current(register, kiosk);
	if (visit) await end(register, visit, why);
}

/** The visitor speaks another language; the screens follow. */
export async function speak(register: Register, kiosk: Kiosk, language: Visit['language']): Promise<void> {
	const visit = await current(register, kiosk);
	if (visit && visit.language !== language) await change(register, visit, { language });
}

async function here(register: Register, kiosk: Kiosk): Promise<Visit> {
	const visit = await current(register, kiosk);
	if (!visit) throw new Failure('too_late', 'visit_over');
	return visit;
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

async function refuse(
	register: Register,
	kiosk: Kiosk,
	reason: string,
	told: string,
	appointment?: Appointment
): Promise<never> {
	await register.accessLog.append({
		action: 'show_code',
		actor: kiosk.id,
		role: 'kiosk',
		outcome: 'refused',
		reason,
		kiosk: kiosk.id,
		office: kiosk.office,
		appointment: appointment?.id
	});
	throw new Failure('refused', told);
}

async function change(register: Register, visit: Visit, body: Record<string, unknown>): Promise<Visit> {
	const changed = await visits(register.pocketbase.service).update(visit.id, body);
	tell(register, visit);
	return changed;
}

// The web server may add to a request and not read it, so the answer is asked for without its content.
async function onRequest(register: Register, visit: Visit, body: Record<string, unknown>): Promise<void> {
	await register.pocketbase.service.collection('requests').update(visit.request, body, { fields: 'id' });
}

function tell(register: Register, visit: Visit): void {
	register.news.tell({ kiosk: visit.kiosk, office: visit.office, visit: visit.id });
}

/** A line about a visit, as its visitor. */
export async function log(
	register: Register,
	visit: Visit,
	action: Action,
	more: { recording?: string; reason?: string } = {}
): Promise<void> {
	await register.accessLog.append({
		action,
		actor: visit.kiosk,
		role: 'customer',
		purpose: 'subject_access',
		outcome: 'done',
		visit: visit.id,
		request: visit.request,
		appointment: visit.appointment,
		kiosk: visit.kiosk,
		office: visit.office,
		...more
	});
}
