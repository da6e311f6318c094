import { Failure, isFailure } from '#failures.ts';
import { newId, written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { close, mayClose, type EndingDetails } from '#requests/closing.ts';
import { inTurn, log, mayWork, requests, stillOpen } from '#requests/request.ts';
import type { Desk, RequestEnding } from '#requests/request.ts';
import { appointments, type Appointment } from './appointment-row.ts';
import { newCodes, recognised, type Codes } from './code.ts';
import { freeSlot, type Wanted } from './offers.ts';
import type { Slot } from './slots.ts';
import { visits } from './visit.ts';

// An hour at a kiosk: booked, moved, given back, and the codes of its invitation.

/**
 * Books an hour at a kiosk for a request; a request has one booked hour at a time. Refuses with `conflict: slot_taken`
 * when somebody was faster (the database's unique index decides), and what is no free slot with `invalid: slot`.
 */
export async function book(register: Register, desk: Desk, requestId: string, wanted: Wanted): Promise<Appointment> {
	return inTurn(register, desk, requestId, async (open) => {
		if (open.recordings.length === 0) throw new Failure('conflict', 'nothing_bound');
		if (await booked(desk, requestId)) throw new Failure('conflict', 'already_booked');
		const slot = await freeSlot(register, desk, open, wanted);
		const id = newId();
		const appointment = await logged(register, desk, requestId, { ...wanted, id }, () =>
			appointments(desk.as).create({
				id,
				request: requestId,
				...place(wanted, slot),
				language: open.language,
				state: 'booked',
				booked_by: desk.person.id,
				sequence: 0
			})
		);
		await requests(desk.as).update(requestId, { state: 'booked' });
		return appointment;
	});
}

/** Moves a booked hour. The old time is given up only when the new one is got; the old invitation's codes die. */
export async function rebook(
	register: Register,
	desk: Desk,
	appointmentId: string,
	wanted: Wanted
): Promise<Appointment> {
	mayWork(register, desk);
	const { request: requestId } = await appointments(desk.as).one(appointmentId);
	return inTurn(register, desk, requestId, async (open) => {
		const { sequence } = await stillBooked(desk, appointmentId);
		const slot = await freeSlot(register, desk, open, wanted, appointmentId);
		return logged(register, desk, requestId, { ...wanted, id: appointmentId }, () =>
			appointments(desk.as).update(appointmentId, {
				...place(wanted, slot),
				token_hash: '',
				code_hash: '',
				sequence: sequence + 1
			})
		);
	});
}

/** Gives a booked hour back; its codes die with it. After the hour it says that nobody came. */
export async function cancel(register: Register, desk: Desk, appointmentId: string): Promise<void> {
	mayWork(register, desk);
	const { request: requestId } = await appointments(desk.as).one(appointmentId);
	await inTurn(register, desk, requestId, async ({ recordings }) => {
		await giveBack(register, desk, await stillBooked(desk, appointmentId));
		await requests(desk.as).update(requestId, { state: recordings.length > 0 ? 'matched' : 'received' });
	});
}

/** Closes a request for good; an hour that is still booked is given back first. Refuses while its visitor is there. */
export async function closeRequest(
	register: Register,
	desk: Desk,
	requestId: string,
	as: RequestEnding,
	details: EndingDetails = {}
): Promise<void> {
	mayClose(await stillOpen(register, desk, requestId), as);
	await nobodyThere(desk, { request: requestId });
	const appointment = await booked(desk, requestId);
	if (appointment) await giveBack(register, desk, appointment);
	await close(register, desk, requestId, as, details);
}

/**
 * New codes for an appointment's invitation; those of an earlier print die. Only their hashes are stored, so an
 * invitation can be printed again but never looked up. Refuses when the hour is over.
 */
export async function invite(register: Register, desk: Desk, appointmentId: string): Promise<Codes> {
	mayWork(register, desk);
	const appointment = await appointments(desk.as).one(appointmentId);
	if (appointment.state !== 'booked') throw new Failure('conflict', 'not_booked');
	if (appointment.ends <= register.now()) throw new Failure('too_late', 'slot_over');
	const codes = newCodes();
	await log(register, desk, appointment.request, 'print_invitation', about(appointment));
	await appointments(desk.as).update(appointmentId, {
		token_hash: recognised(codes.token)?.hash,
		code_hash: recognised(codes.code)?.hash
	});
	return codes;
}

/** The booked hour of a request, if it has one. */
export async function booked({ as }: Desk, requestId: string): Promise<Appointment | undefined> {
	return appointments(as).first({
		filter: "request = {:request} && state = 'booked'",
		params: { request: requestId },
		sort: '-starts'
	});
}

async function giveBack(register: Register, desk: Desk, appointment: Appointment): Promise<void> {
	const state = appointment.ends <= register.now() ? 'no_show' : 'cancelled';
	await log(register, desk, appointment.request, 'cancel_appointment', { ...about(appointment), reason: state });
	await appointments(desk.as).update(appointment.id, { state, sequence: appointment.sequence + 1 });
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

/** Logs a booking and does it; when somebody was faster, the log says that too. */
async function logged(
	register: Register,
	desk: Desk,
	requestId: string,
	hour: Wanted & { id: string },
	work: () => Promise<Appointment>
): Promise<Appointment> {
	await log(register, desk, requestId, 'book_appointment', about(hour));
	try {
		return await work();
	} catch (fault) {
		if (!isFailure(fault) || fault.kind !== 'conflict') throw fault;
		await log(register, desk, requestId, 'book_appointment', { ...about(hour), refused: 'slot_taken' });
		throw new Failure('conflict', 'slot_taken');
	}
}

function place({ office, kiosk }: Wanted, { starts, ends }: Slot) {
	return { office, kiosk, starts: written(starts), ends: written(ends) };
}

function about({ id, office, kiosk }: { id: string; office: string; kiosk: string }) {
	return { appointment: id, office, kiosk };
}
