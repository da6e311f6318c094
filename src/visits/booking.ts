import { Failure, isFailure } from '#failures.ts';
import { written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { log, mayWork, requests, stillOpen, type Desk } from '#requests/request.ts';
import { appointments, type Appointment } from './appointment-row.ts';
import { newCodes, recognised, type Codes } from './code.ts';
import { kiosks, type Kiosk } from './kiosk.ts';
import { offices, type Office } from './office.ts';
import { slots, type Slot } from './slots.ts';

const daysAhead = 21;
const mostOffers = 60;

/** A time that is free at a kiosk. */
export interface Offer extends Slot {
	kiosk: string;
}

/** The free times of an office, the next ones first; at each time the first free kiosk. */
export async function offers(register: Register, desk: Desk, officeId: string): Promise<Offer[]> {
	mayWork(register, desk);
	const [office, paired] = await Promise.all([offices(desk.as).one(officeId), kiosksOf(desk, officeId)]);
	const taken = await takenAt(register, desk, officeId);
	return slots(office, register.now(), daysAhead)
		.flatMap((slot) => {
			const free = paired.find(({ id }) => !taken.has(`${id} ${slot.starts.getTime()}`));
			return free ? [{ ...slot, kiosk: free.id }] : [];
		})
		.slice(0, mostOffers);
}

/**
 * Books an hour at a kiosk for a request; a request has one booked hour at a time. Refuses with `conflict: slot_taken`
 * when somebody was faster (the database's unique index decides), and what is no free slot with `invalid: slot`.
 */
export async function book(
	register: Register,
	desk: Desk,
	requestId: string,
	wanted: { office: string; kiosk: string; starts: Date }
): Promise<Appointment> {
	const request = await stillOpen(register, desk, requestId);
	if (request.recordings.length === 0) throw new Failure('conflict', 'nothing_bound');
	if (await booked(desk, requestId)) throw new Failure('conflict', 'already_booked');
	const slot = await slotOf(register, desk, wanted);
	const appointment = await appointments(desk.as)
		.create({
			request: requestId,
			office: wanted.office,
			kiosk: wanted.kiosk,
			starts: written(slot.starts),
			ends: written(slot.ends),
			language: request.language,
			state: 'booked',
			booked_by: desk.person.id,
			sequence: 0
		})
		.catch(slotTaken);
	await log(register, desk, requestId, 'book_appointment', about(appointment));
	await requests(desk.as).update(requestId, { state: 'booked' });
	return appointment;
}

/** Cancels a booked hour; its codes die with it. */
export async function cancel(register: Register, desk: Desk, appointmentId: string): Promise<void> {
	mayWork(register, desk);
	const appointment = await appointments(desk.as).one(appointmentId);
	if (appointment.state !== 'booked') throw new Failure('conflict', 'not_booked');
	await log(register, desk, appointment.request, 'cancel_appointment', about(appointment));
	await appointments(desk.as).update(appointmentId, { state: 'cancelled', sequence: appointment.sequence + 1 });
	await requests(desk.as).update(appointment.request, { state: 'matched' });
}

/**
 * New codes for an appointment's invitation; those of an earlier print die. Only their hashes are stored, so an
 * invitation can be printed again but never looked up.
 */
export async function invite(register: Register, desk: Desk, appointmentId: string): Promise<Codes> {
	mayWork(register, desk);
	const appointment = await appointments(desk.as).one(appointmentId);
	if (appointment.state !== 'booked') throw new Failure('conflict', 'not_booked');
	const codes = newCodes();
	await log(register, desk, appointment.request, 'print_invitation', about(appointment));
	await appointments(desk.as).update(appointmentId, {
		token_hash: recognised(codes.token)?.hash,
		code_hash: recognised(codes.code)?.hash
	});
	return codes;
}

/** The booked hour of a request, if it has one. */
export async function booked(desk: Desk, requestId: string): Promise<Appointment | undefined> {
	return appointments(desk.as).first({
		filter: "request = {:request} && state = 'booked'",
		params: { request: requestId },
		sort: '-starts'
	});
}

/** The offices with at least one kiosk in use. */
export async function officesWithKiosks(desk: Desk): Promise<Office[]> {
	const [all, paired] = await Promise.all([
		offices(desk.as).list({ filter: '', sort: 'name', limit: 200 }),
		kiosks(desk.as).list({ filter: "revoked = ''", limit: 500 })
	]);
	return all.filter(({ id }) => paired.some(({ office }) => office === id));
}

async function kiosksOf({ as }: Desk, office: string): Promise<Kiosk[]> {
	return kiosks(as).list({ filter: "office = {:office} && revoked = ''", params: { office }, sort: 'name' });
}

async function takenAt(register: Register, { as }: Desk, office: string): Promise<Set<string>> {
	const from = new Date(register.now().getTime() - 24 * 3600_000);
	const found = await appointments(as).list({
		filter: "office = {:office} && starts >= {:from} && state = 'booked'",
		params: { office, from: written(from) },
		sort: 'starts',
		limit: 500
	});
	return new Set(found.map(({ kiosk, starts }) => `${kiosk} ${starts.getTime()}`));
}

async function slotOf(
	register: Register,
	desk: Desk,
	wanted: { office: string; kiosk: string; starts: Date }
): Promise<Slot> {
	const [office, paired] = await Promise.all([offices(desk.as).one(wanted.office), kiosksOf(desk, wanted.office)]);
	const slot = slots(office, register.now(), daysAhead).find(
		({ starts }) => starts.getTime() === wanted.starts.getTime()
	);
	if (!slot || !paired.some(({ id }) => id === wanted.kiosk)) throw new Failure('invalid', 'slot', { field: 'slot' });
	return slot;
}

function slotTaken(fault: unknown): never {
	if (isFailure(fault) && fault.kind === 'conflict') throw new Failure('conflict', 'slot_taken');
	throw fault;
}

function about({ id, office, kiosk }: Appointment) {
	return { appointment: id, office, kiosk };
}
