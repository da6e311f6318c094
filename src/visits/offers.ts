import { Failure } from '#failures.ts';
import { written } from '#pocketbase/collection.ts';
import { recordings } from '#recordings/recording.ts';
import type { Register } from '#register.server.ts';
import { mayWork, type Desk, type SubjectRequest } from '#requests/request.ts';
import { appointments } from './appointment-row.ts';
import { kiosks, type Kiosk } from './kiosk.ts';
import { offices, type Office } from './office.ts';
import { slots, type Slot } from './slots.ts';
import { visits } from './visit.ts';

const daysAhead = 28;

/** A time that is free at a kiosk. */
export interface Offer extends Slot {
	kiosk: string;
	/** What speaks against it: the answer is due before, or one of several calls is destroyed before. */
	remark: 'after_deadline' | 'some_destroyed' | undefined;
}

/** A time that somebody wants. */
export interface Wanted {
	office: string;
	kiosk: string;
	starts: Date;
}

/** The offices with at least one kiosk in use. */
export async function officesWithKiosks({ as }: Desk): Promise<Office[]> {
	const [all, paired] = await Promise.all([
		offices(as).list({ filter: '', sort: 'name', limit: 200 }),
		kiosks(as).list({ filter: "revoked = ''", limit: 500 })
	]);
	return all.filter(({ id }) => paired.some(({ office }) => office === id));
}

/**
 * The free times of an office in the next four weeks, at each time the first free kiosk. Those at which nothing of the
 * request's calls would be left to hear (register description § 8d) are not offered.
 */
export async function offers(
	register: Register,
	desk: Desk,
	request: SubjectRequest,
	officeId: string
): Promise<Offer[]> {
	mayWork(register, desk);
	const [office, paired, taken, ends] = await Promise.all([
		offices(desk.as).one(officeId),
		kiosksOf(desk, officeId),
		takenAt(register, desk, officeId),
		endsOfCalls(desk, request)
	]);
	const [firstEnd, lastEnd] = [Math.min(...ends), Math.max(...ends)];
	const remark = (slot: Slot): Offer['remark'] => {
		if (slot.ends.getTime() > firstEnd) return 'some_destroyed';
		return slot.starts >= request.due ? 'after_deadline' : undefined;
	};
	return slots(office, register.now(), daysAhead)
		.filter((slot) => slot.ends.getTime() <= lastEnd)
		.flatMap((slot) => {
			const free = paired.find(({ id }) => !taken.some((other) => other.kiosk === id && meet(slot, other)));
			return free ? [{ ...slot, kiosk: free.id, remark: remark(slot) }] : [];
		});
}

/**
 * The slot that is wanted, if the office offers it and its kiosk is free then, not counting the appointment that is
 * being moved. Refuses with `invalid: slot`, `conflict: slot_taken` or `too_late: past_retention`. Somebody may still
 * be faster: the database's unique index has the last word.
 */
export async function freeSlot(
	register: Register,
	desk: Desk,
	request: SubjectRequest,
	wanted: Wanted,
	moving?: string
): Promise<Slot> {
	const [office, paired, taken, ends] = await Promise.all([
		offices(desk.as).one(wanted.office),
		kiosksOf(desk, wanted.office),
		takenAt(register, desk, wanted.office),
		endsOfCalls(desk, request)
	]);
	const slot = slots(office, register.now(), daysAhead).find(
		({ starts }) => starts.getTime() === wanted.starts.getTime()
	);
	if (!slot || !paired.some(({ id }) => id === wanted.kiosk)) throw new Failure('invalid', 'slot', { field: 'slot' });
	if (slot.ends.getTime() > Math.max(...ends)) throw new Failure('too_late', 'past_retention');
	const free = taken.every(({ id, kiosk, ...other }) => id === moving || kiosk !== wanted.kiosk || !meet(slot, other));
	if (!free) throw new Failure('conflict', 'slot_taken');
	return slot;
}

function meet(one: Slot, other: Slot): boolean {
	return one.starts < other.ends && other.starts < one.ends;
}

async function kiosksOf({ as }: Desk, office: string): Promise<Kiosk[]> {
	return kiosks(as).list({ filter: "office = {:office} && revoked = ''", params: { office }, sort: 'name' });
}

async function takenAt(register: Register, { as }: Desk, office: string) {
	const day = 24 * 3600_000;
	const [found, live] = await Promise.all([
		appointments(as).list({
			filter: 'office = {:office} && starts >= {:from}',
			params: { office, from: written(new Date(register.now().getTime() - day)) },
			sort: 'starts',
			limit: 1000
		}),
		visits(as).list({ filter: "office = {:office} && state != 'ended'", params: { office } })
	]);
	// A visit that was made longer takes its kiosk for longer than its hour.
	const longer = live.map(({ appointment, kiosk, arrived, ends }) => ({
		id: appointment,
		kiosk,
		starts: arrived,
		ends
	}));
	return [...found.filter(({ state }) => state === 'booked' || state === 'kept'), ...longer];
}

/** When the request's calls are destroyed, in milliseconds; those that are gone are left out. */
async function endsOfCalls({ as }: Desk, request: SubjectRequest): Promise<number[]> {
	const found = await recordings(as).list({
		filter: request.recordings.map((_, place) => `id = {:r${place}}`).join(' || ') || "id = ''",
		params: Object.fromEntries(request.recordings.map((id, place) => [`r${place}`, id]))
	});
	return found.map(({ destroyAfter }) => destroyAfter.getTime());
}
