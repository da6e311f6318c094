import { Failure, isFailure } from '#failures.ts';
import { hearableUntil, read as readRecording, type Recording } from '#recordings/recording.ts';
import type { Register } from '#register.server.ts';
import { mayWork, type Desk, type SubjectRequest } from '#requests/request.ts';
import type { Person } from '#staff/person.ts';
import { freeThen, mustBeOfOffice, staffed } from './free.ts';
import { kiosks } from './kiosk.ts';
import { lengthFor, lengths } from './length.ts';
import { offices, type Office } from './office.ts';
import { slotAt, slots, type Slot } from './slots.ts';
import { areEnough } from './suggested.ts';

// Four weeks; further only where that does not give a customer a choice.
const horizons = [28, 56, 92];

/** What speaks against a time: the answer is due before, or some of the calls are gone by then. */
export type Remark = 'after_deadline' | 'some_destroyed';

/** A time at which a kiosk and a contact person are free. */
export interface Offer extends Slot {
	kiosk: string;
	remark: Remark | undefined;
}

/** A time that somebody wants. */
export interface Wanted {
	office: string;
	kiosk: string;
	starts: Date;
	/** How long; what the recordings need unless told. */
	minutes?: number | undefined;
}

/** The offices with at least one kiosk in use. */
export async function officesWithKiosks({ as }: Desk): Promise<Office[]> {
	const [all, paired] = await Promise.all([
		offices(as).list({ filter: '', sort: 'name', limit: 200 }),
		kiosks(as).list({ filter: "revoked = ''", limit: 500 })
	]);
	return all.filter(({ id }) => paired.some(({ office }) => office === id));
}

/** How many minutes a request's recordings need. */
export async function minutesFor(desk: Desk, request: SubjectRequest): Promise<number> {
	return lengthFor((await callsOf(desk, request)).map(({ durationMs }) => durationMs));
}

/**
 * The free times of an office in the next four weeks, or further where those are not three on two days; at each time the
 * first free kiosk. Those at which nothing of the request's calls would be left to hear (register description § 8d) are
 * not offered.
 */
export async function offers(
	register: Register,
	desk: Desk,
	request: SubjectRequest,
	officeId: string,
	{ minutes, moving }: { minutes?: number | undefined; moving?: string | undefined } = {}
): Promise<Offer[]> {
	mayWork(register, desk);
	const [place, calls] = await Promise.all([staffed(register, desk, officeId, moving), callsOf(desk, request)]);
	const length = minutes ?? lengthFor(calls.map(({ durationMs }) => durationMs));
	const left = Math.max(...calls.map((call) => hearableUntil(call).getTime()));
	let found: Offer[] = [];
	for (const days of horizons) {
		found = slots(place.office, register.now(), days, length)
			.filter(({ ends }) => ends.getTime() <= left)
			.flatMap((slot) => {
				const free = freeThen(place, slot);
				const [kiosk] = free.people.length > 0 ? free.kiosks : [];
				return kiosk ? [{ ...slot, kiosk: kiosk.id, remark: remark(slot, calls, request) }] : [];
			});
		if (areEnough(found)) break;
	}
	return found;
}

/**
 * The slot that is wanted, if the office offers it and its kiosk and somebody are free then, not counting the appointment
 * that is being moved. Refuses with `invalid: slot`, `conflict: slot_taken` or `too_late: past_retention`. Somebody may
 * still be faster: the database has the last word.
 */
export async function freeSlot(
	register: Register,
	desk: Desk,
	request: SubjectRequest,
	wanted: Wanted,
	moving?: string
): Promise<{ slot: Slot; people: Person[]; remark: Remark | undefined }> {
	const [place, calls] = await Promise.all([staffed(register, desk, wanted.office, moving), callsOf(desk, request)]);
	const minutes = wanted.minutes ?? lengthFor(calls.map(({ durationMs }) => durationMs));
	if (!lengths.includes(minutes)) throw new Failure('invalid', 'slot', { field: 'minutes' });
	const slot = slotAt(wanted.starts, place.office, register.now(), horizons.at(-1) ?? 0, minutes);
	if (!slot) throw new Failure('invalid', 'slot', { field: 'slot' });
	mustBeOfOffice(place, wanted.kiosk);
	if (slot.ends.getTime() > Math.max(...calls.map((call) => hearableUntil(call).getTime())))
		throw new Failure('too_late', 'past_retention');
	const free = freeThen(place, slot);
	if (free.people.length === 0 || !free.kiosks.some(({ id }) => id === wanted.kiosk)) {
		throw new Failure('conflict', 'slot_taken');
	}
	return { slot, people: free.people, remark: remark(slot, calls, request) };
}

function remark({ starts, ends }: Slot, calls: Recording[], { due }: SubjectRequest): Remark | undefined {
	if (calls.some((call) => ends.getTime() > hearableUntil(call).getTime())) return 'some_destroyed';
	return starts >= due ? 'after_deadline' : undefined;
}

/** The request's calls; those that are gone are left out. */
async function callsOf({ as }: Desk, request: SubjectRequest): Promise<Recording[]> {
	const found = await Promise.all(request.recordings.map((id) => readRecording(as, id).catch(unlessMissing)));
	return found.filter((call) => call !== undefined);
}

function unlessMissing(fault: unknown): undefined {
	if (!isFailure(fault) || fault.kind !== 'missing') throw fault;
}
