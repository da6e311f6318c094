import * as v from 'valibot';
import { Failure } from '#failures.ts';
import type { KioskListener } from '#listening/listener.ts';
import { collection, written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { end } from './ending.ts';
import type { Kiosk } from './kiosk.ts';
import type { Report } from './reports.ts';
import { change, current, inTurn, line } from './live-visit.ts';
import {
	next,
	visitorEvents,
	visits,
	type Ending,
	type Visit,
	type VisitEvent,
	type VisitorEvent,
	type VisitState
} from './visit.ts';

export { arrive } from './arriving.ts';
export { current } from './live-visit.ts';

// The customer's side of a visit: what a kiosk may do, as the service account of the web server.

/** Takes one step of the visit machine for the visitor. Leaving the player stops its sound. */
export async function step(
	register: Register,
	kiosk: Kiosk,
	event: VisitorEvent,
	{ recording }: { recording?: string | undefined } = {}
): Promise<Visit> {
	return inTurn(register, kiosk, async (visit) => {
		// What the types promise a browser may break: nobody releases themselves.
		if (!visitorEvents.includes(event)) throw new Failure('conflict', 'no_such_step');
		const state = after(visit, event);
		if (event === 'choose' && (!recording || !visit.recordings.includes(recording))) {
			throw new Failure('missing', 'not_released');
		}
		if (visit.state === 'player') await register.listenings.end(register, { visit: visit.id }, 'left_player');
		const chosen = event === 'choose' ? { playing: recording, position_ms: 0 } : { playing: '' };
		return change(register, visit, { state, ...chosen });
	});
}

/**
 * The player is at this place; a reloaded kiosk comes back to it. `heardSeconds` counts from the play's beginning. False
 * when there is no listening to it (none has begun, or it has ended): nothing may sound then that is not asked for anew.
 * A report that a later one of the same page has overtaken changes nothing.
 */
export async function moved(
	register: Register,
	kiosk: Kiosk,
	recording: string,
	{ report, ...at }: { positionMs: number; heardSeconds: number; ranges?: string | undefined; report?: Report }
): Promise<boolean> {
	return inTurn(register, kiosk, async (visit) => {
		if (visit.state !== 'player' || visit.playing !== recording) throw new Failure('conflict', 'no_such_step');
		if (report && !register.reports.isNews(kiosk.id, report)) return true;
		const listener: KioskListener = { kind: 'kiosk', kiosk, visit };
		const listens = await register.listenings.progress(register, listener, recording, at);
		await visits(register.pocketbase.service).update(visit.id, { position_ms: Math.round(at.positionMs) });
		return listens;
	});
}

/**
 * "This is not my call": its sound stops at once, it leaves the request and the visit, and the contact person is told.
 * The visit goes on with the others.
 */
export async function notMine(register: Register, kiosk: Kiosk, recording: string): Promise<Visit> {
	await register.listenings.end(register, { kiosk: kiosk.id, recording }, 'not_my_call');
	return inTurn(register, kiosk, async (visit) => {
		if (!visit.recordings.includes(recording)) throw new Failure('missing', 'not_released');
		const state = after(visit, 'not_mine');
		await register.accessLog.append([
			line(visit, { action: 'report_not_my_call', recording }),
			line(visit, { action: 'unbind_recording', recording })
		]);
		// The request first: should the visit's change fail, the visitor can press again.
		await onRequest(register, visit, { 'recordings-': recording, 'not_mine+': recording });
		return change(register, visit, {
			'recordings-': recording,
			playing: '',
			called: written(visit.called ?? register.now()),
			state: visit.recordings.length > 1 ? state : after(visit, 'leave')
		});
	});
}

/** What a visitor may ask for beyond the listening; it keeps the request open. */
export const wishes = ['copy', 'correction', 'talk', 'text'] as const;
export type Wish = (typeof wishes)[number];

/** Puts a wish onto the request, once. Refuses before the visitor is verified: until then they may be anybody. */
export async function wish(register: Register, kiosk: Kiosk, wanted: Wish): Promise<Visit> {
	return inTurn(register, kiosk, async (visit) => {
		if (!wishes.includes(wanted)) throw new Failure('invalid', 'wish', { field: 'wish' });
		if (!visit.verifiedBy) throw new Failure('conflict', 'no_such_step');
		if (visit.wishes.includes(wanted)) return visit;
		await register.accessLog.append(line(visit, { action: 'wish', reason: wanted }));
		await onRequest(register, visit, { 'wishes+': wanted });
		return change(register, visit, { 'wishes+': wanted });
	});
}

/** The visitor wants somebody to come. */
export async function callStaff(register: Register, kiosk: Kiosk): Promise<Visit> {
	return inTurn(register, kiosk, async (visit) => {
		if (visit.called) return visit;
		await register.accessLog.append(line(visit, { action: 'call_staff' }));
		return change(register, visit, { called: written(register.now()) });
	});
}

/** The visitor goes, or nobody is there any more. That the hour is over is not believed: only our own clock ends it. */
export async function leave(
	register: Register,
	kiosk: Kiosk,
	why: Extract<Ending, 'customer' | 'idle' | 'slot_over'>
): Promise<void> {
	const visit = await current(register, kiosk);
	if (visit && why !== 'slot_over') await end(register, visit, why);
}

/** The visitor speaks another language; the screens follow. */
export async function speak(register: Register, kiosk: Kiosk, language: Visit['language']): Promise<void> {
	const visit = await current(register, kiosk);
	if (visit && visit.language !== language) await inTurn(register, kiosk, (now) => change(register, now, { language }));
}

function after({ state }: Visit, event: VisitEvent): VisitState {
	const then = next(state, event);
	if (!then) throw new Failure('conflict', 'no_such_step');
	return then;
}

// The web server may add to a request and not read it, so the answer is asked for without its content.
async function onRequest({ pocketbase }: Register, { request }: Visit, body: Record<string, unknown>): Promise<void> {
	await collection(pocketbase.service, 'requests', v.object({ id: v.string() })).update(request, body, {
		fields: 'id'
	});
}
