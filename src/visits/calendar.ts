import { Temporal } from 'temporal-polyfill';
import { Failure, isFailure } from '#failures.ts';
import { written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { mayWork, requests, type Desk } from '#requests/request.ts';
import { appointments, type Appointment } from './appointment-row.ts';
import { kiosks } from './kiosk.ts';
import { everything, obstacle, toRebook, type Obstacle } from './rebooking.ts';
import { beginOf, openSpans, type Slot } from './slots.ts';

/** A booked hour as a calendar shows it. */
export interface Hour extends Slot {
	id: string;
	request: string;
	/** The requester's name; empty when it is erased. */
	name: string;
	office: string;
	officeName: string;
	kiosk: string;
	kioskName: string;
	personName: string;
	kept: boolean;
	invited: boolean;
	/** Why it must be moved. */
	obstacle: Obstacle | undefined;
}

/** A day at an office: when it is open, its kiosks, and who comes when. A revoked kiosk is there while it has hours. */
export async function officeDay(register: Register, desk: Desk, officeId: string, day: Temporal.PlainDate) {
	mayWork(register, desk);
	const known = await everything(desk);
	const office = known.officeOf(officeId);
	if (!office) throw new Failure('missing', 'not_found');
	const [hours, all] = await Promise.all([
		between(desk, { office: officeId }, day, 1),
		kiosks(desk.as).list({ filter: 'office = {:office}', params: { office: officeId }, sort: 'name', limit: 200 })
	]);
	const shown = await told(desk, known, hours);
	return {
		office,
		open: openSpans(office, day),
		kiosks: all
			.filter(({ id, revoked }) => !revoked || shown.some(({ kiosk }) => kiosk === id))
			.map(({ id, name, revoked }) => ({ id, name, revoked: revoked !== undefined })),
		hours: shown
	};
}

/** A contact person's week, Monday to Sunday, wherever they are. */
export async function personWeek(register: Register, desk: Desk, personId: string, monday: Temporal.PlainDate) {
	mayWork(register, desk);
	const known = await everything(desk);
	if (!known.personOf(personId)) throw new Failure('missing', 'not_found');
	const hours = await told(desk, known, await between(desk, { person: personId }, monday, 7));
	return Array.from({ length: 7 }, (_, count) => {
		const day = monday.add({ days: count });
		const [begin, end] = [beginOf(day), beginOf(day.add({ days: 1 }))];
		return { day: begin, hours: hours.filter(({ starts }) => starts >= begin && starts < end) };
	});
}

/** The booked hours still to come that somebody must move, the next first, with whom to tell. */
export async function waitingToMove(register: Register, desk: Desk): Promise<Hour[]> {
	const stuck = await toRebook(register, desk);
	if (stuck.length === 0) return [];
	return told(
		desk,
		await everything(desk),
		stuck.map(({ hour }) => hour)
	);
}

async function between(
	{ as }: Desk,
	of: { office: string } | { person: string },
	day: Temporal.PlainDate,
	days: number
): Promise<Appointment[]> {
	const [[field, id] = []] = Object.entries(of);
	const found = await appointments(as).list({
		filter: `${field} = {:id} && starts >= {:from} && starts < {:to}`,
		params: { id, from: written(beginOf(day)), to: written(beginOf(day.add({ days }))) },
		sort: 'starts',
		limit: 500
	});
	return found.filter(({ state }) => state === 'booked' || state === 'kept');
}

async function told(
	{ as }: Desk,
	{ officeOf, kioskOf, personOf }: Awaited<ReturnType<typeof everything>>,
	hours: Appointment[]
): Promise<Hour[]> {
	const asked = await Promise.all(hours.map(({ request }) => requests(as).one(request).catch(unlessMissing)));
	return hours.map((hour, place) => {
		const around = { office: officeOf(hour.office), kiosk: kioskOf(hour.kiosk), person: personOf(hour.person) };
		const { id, request, office, kiosk, starts, ends, invited, state } = hour;
		return {
			id,
			request,
			office,
			kiosk,
			starts,
			ends,
			invited,
			name: asked[place]?.name ?? '',
			officeName: around.office?.name ?? '',
			kioskName: around.kiosk?.name ?? '',
			personName: around.person?.name ?? '',
			kept: state === 'kept',
			obstacle: state === 'booked' ? obstacle(hour, around) : undefined
		};
	});
}

function unlessMissing(fault: unknown): undefined {
	if (!isFailure(fault) || fault.kind !== 'missing') throw fault;
}
