import { Failure, isFailure } from '#failures.ts';
import { newId, written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { close, mayClose, type EndingDetails } from '#requests/closing.ts';
import { inTurn, log, mayWork, requests, stillOpen } from '#requests/request.ts';
import type { Desk, RequestEnding } from '#requests/request.ts';
import type { Person } from '#staff/person.ts';
import { appointments, type Appointment } from './appointment-row.ts';
import { freeSlot, type Remark, type Wanted } from './offers.ts';
import type { Change, LateReason } from './reasons.ts';
import type { Slot } from './slots.ts';
import { visits } from './visit.ts';

// An hour at a kiosk: booked, moved, given back, missed.

/**
 * Books an hour at a kiosk with a contact person for a request; a request has one booked hour at a time. Refuses with
 * `conflict: slot_taken` when somebody was faster (the database's unique key decides), with `invalid: slot` what is no
 * free slot, and with `invalid: late_reason` a time after the deadline or the six months that nobody gives a reason for.
 */
export async function book(
	register: Register,
	desk: Desk,
	requestId: string,
	wanted: Wanted,
	lateWhy?: LateReason
): Promise<Appointment> {
	return inTurn(register, desk, requestId, async (open) => {
		if (open.recordings.length === 0) throw new Failure('conflict', 'nothing_bound');
		if (await booked(desk, requestId)) throw new Failure('conflict', 'already_booked');
		const free = await freeSlot(register, desk, open, wanted);
		const late = mustSayWhy(free.remark, lateWhy);
		const id = newId();
		const about = { id, ...wanted, reason: late };
		const appointment = await withFirst(register, desk, requestId, 'book_appointment', about, free.people, (person) =>
			appointments(desk.as).create({
				id,
				request: requestId,
				...place(wanted, free.slot),
				person,
				language: open.language,
				state: 'booked',
				booked_by: desk.person.id,
				sequence: 0,
				late_why: late ?? ''
			})
		);
		await requests(desk.as).update(requestId, { state: 'booked' });
		return appointment;
	});
}

/**
 * Moves a booked hour, by somebody's wish. The old time is given up only when the new one is got; the old invitation's
 * codes die.
 */
export async function rebook(
	register: Register,
	desk: Desk,
	appointmentId: string,
	wanted: Wanted,
	change: Change,
	lateWhy?: LateReason
): Promise<Appointment> {
	mayWork(register, desk);
	const { request: requestId } = await appointments(desk.as).one(appointmentId);
	return inTurn(register, desk, requestId, async (open) => {
		const { sequence } = await stillBooked(desk, appointmentId);
		const free = await freeSlot(register, desk, open, wanted, appointmentId);
		const late = mustSayWhy(free.remark, lateWhy);
		const about = { id: appointmentId, ...wanted, reason: change.why };
		return withFirst(register, desk, requestId, 'move_appointment', about, free.people, (person) =>
			appointments(desk.as).update(appointmentId, {
				...place(wanted, free.slot),
				person,
				token_hash: '',
				code_hash: '',
				sequence: sequence + 1,
				changed_by: change.by,
				changed_why: change.why,
				late_why: late ?? ''
			})
		);
	});
}

/** Gives a booked hour back, by somebody's wish; its codes die with it. The request goes on. */
export async function cancel(
	register: Register,
	desk: Desk,
	appointmentId: string,
	change: Change
): Promise<Appointment> {
	return letGo(register, desk, appointmentId, (appointment) => giveBack(register, desk, appointment, change));
}

/**
 * Says that nobody came; the request goes on, and another hour can be booked. Refuses with `conflict: not_over` before
 * a quarter of an hour of it has passed.
 */
export async function missed(register: Register, desk: Desk, appointmentId: string): Promise<Appointment> {
	return letGo(register, desk, appointmentId, (appointment) => {
		if (register.now() < missedFrom(appointment)) throw new Failure('conflict', 'not_over');
		return noShow(register, desk, appointment);
	});
}

/** From when on nobody is thought to come any more. */
export function missedFrom({ starts }: Appointment): Date {
	return new Date(starts.getTime() + 15 * 60_000);
}

/**
 * Closes a request for good; an hour that is still booked is given back first, and returned if it was still to come.
 * Refuses while its visitor is there.
 */
export async function closeRequest(
	register: Register,
	desk: Desk,
	requestId: string,
	as: RequestEnding,
	details: EndingDetails = {}
): Promise<Appointment | undefined> {
	mayClose(await stillOpen(register, desk, requestId), as);
	await nobodyThere(desk, { request: requestId });
	const appointment = await booked(desk, requestId);
	const over = appointment && appointment.ends <= register.now();
	if (over) await noShow(register, desk, appointment);
	const given =
		appointment && !over ? await giveBack(register, desk, appointment, { by: 'us', why: 'request_closed' }) : undefined;
	await close(register, desk, requestId, as, details);
	return given;
}

/** The booked hour of a request, if it has one. */
export async function booked({ as }: Desk, requestId: string): Promise<Appointment | undefined> {
	return appointments(as).first({
		filter: "request = {:request} && state = 'booked'",
		params: { request: requestId },
		sort: '-starts'
	});
}

/** The hours of a request that are over, given back or missed, the last first. */
export async function earlier({ as }: Desk, requestId: string): Promise<Appointment[]> {
	return appointments(as).list({
		filter: "request = {:request} && state != 'booked'",
		params: { request: requestId },
		sort: '-starts'
	});
}

async function letGo(
	register: Register,
	desk: Desk,
	appointmentId: string,
	work: (appointment: Appointment) => Promise<Appointment>
): Promise<Appointment> {
	mayWork(register, desk);
	const { request: requestId } = await appointments(desk.as).one(appointmentId);
	return inTurn(register, desk, requestId, async ({ recordings }) => {
		const given = await work(await stillBooked(desk, appointmentId));
		await requests(desk.as).update(requestId, { state: recordings.length > 0 ? 'matched' : 'received' });
		return given;
	});
}

async function giveBack(
	register: Register,
	desk: Desk,
	appointment: Appointment,
	{ by, why }: Change
): Promise<Appointment> {
	await log(register, desk, appointment.request, 'cancel_appointment', { ...about(appointment), reason: why });
	return ended(desk, appointment, { state: 'cancelled', changed_by: by, changed_why: why });
}

async function noShow(register: Register, desk: Desk, appointment: Appointment): Promise<Appointment> {
	await log(register, desk, appointment.request, 'miss_appointment', about(appointment));
	return ended(desk, appointment, { state: 'no_show', changed_by: 'us', changed_why: 'did_not_come' });
}

async function ended({ as }: Desk, { id, sequence }: Appointment, body: Record<string, string>): Promise<Appointment> {
	return appointments(as).update(id, { ...body, sequence: sequence + 1 });
}

function mustSayWhy(remark: Remark | undefined, lateWhy: LateReason | undefined): LateReason | undefined {
	if (remark && !lateWhy) throw new Failure('invalid', 'late_reason', { field: 'late' });
	return remark ? lateWhy : undefined;
}

async function stillBooked(desk: Desk, id: string): Promise<Appointment> {
	const appointment = await appointments(desk.as).one(id);
	if (appointment.state !== 'booked') throw new Failure('conflict', 'not_booked');
	await nobodyThere(desk, { appointment: id });
	return appointment;
}

async function nobodyThere({ as }: Desk, of: { appointment: string } | { request: string }): Promise<void> {
	const [[field, id] = []] = Object.entries(of);
	const live = await visits(as).first({ filter: `${field} = {:id} && state != 'ended'`, params: { id } });
	if (live) throw new Failure('conflict', 'visit_under_way');
}

/**
 * Logs a booking and does it with the first contact person whom nobody else has booked meanwhile; when somebody was
 * faster, the log says that too.
 */
async function withFirst(
	register: Register,
	desk: Desk,
	requestId: string,
	action: 'book_appointment' | 'move_appointment',
	hour: Wanted & { id: string; reason?: string | undefined },
	people: Person[],
	work: (person: string) => Promise<Appointment>
): Promise<Appointment> {
	for (const { id: person } of people) {
		const said = { ...about(hour), person, ...(hour.reason ? { reason: hour.reason } : {}) };
		await log(register, desk, requestId, action, said);
		try {
			return await work(person);
		} catch (fault) {
			if (!isFailure(fault) || fault.kind !== 'conflict') throw fault;
			await log(register, desk, requestId, action, { ...said, refused: 'slot_taken' });
			if (fault.field !== 'person') break;
		}
	}
	throw new Failure('conflict', 'slot_taken');
}

function place({ office, kiosk }: Wanted, { starts, ends }: Slot) {
	return { office, kiosk, starts: written(starts), ends: written(ends) };
}

function about({ id, office, kiosk }: { id: string; office: string; kiosk: string }) {
	return { appointment: id, office, kiosk };
}
