import { written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { mayWork, type Desk } from '#requests/request.ts';
import { people, type Person } from '#staff/person.ts';
import { appointments, type Appointment } from './appointment-row.ts';
import { kiosks, type Kiosk } from './kiosk.ts';
import { offices, type Office } from './office.ts';
import { isOpen } from './slots.ts';

/** Why an hour that is booked cannot be held as it is. */
export type Obstacle = 'kiosk_out_of_use' | 'office_closed' | 'person_away';

interface Around {
	office: Office | undefined;
	kiosk: Kiosk | undefined;
	person: Person | undefined;
}

/** What stands in the way of a booked hour: its kiosk was revoked, its office will be closed, nobody will be there. */
export function obstacle(hour: Appointment, { office, kiosk, person }: Around): Obstacle | undefined {
	if (!kiosk || kiosk.revoked) return 'kiosk_out_of_use';
	if (!office || !isOpen(office, hour)) return 'office_closed';
	return hour.person && !serves(person, hour) ? 'person_away' : undefined;
}

function serves(person: Person | undefined, { office, ends }: Appointment): boolean {
	if (!person?.active || !person.roles.includes('contact_person') || !person.offices.includes(office)) return false;
	return person.trainedUntil !== undefined && person.trainedUntil > ends;
}

/** The booked hours still to come that somebody must move, the next first. */
export async function toRebook(register: Register, desk: Desk): Promise<{ hour: Appointment; why: Obstacle }[]> {
	mayWork(register, desk);
	const hours = await appointments(desk.as).list({
		filter: "state = 'booked' && ends > {:now}",
		params: { now: written(register.now()) },
		sort: 'starts',
		limit: 500
	});
	if (hours.length === 0) return [];
	const { officeOf, kioskOf, personOf } = await everything(desk);
	return hours.flatMap((hour) => {
		const around = { office: officeOf(hour.office), kiosk: kioskOf(hour.kiosk), person: personOf(hour.person) };
		const why = obstacle(hour, around);
		return why ? [{ hour, why }] : [];
	});
}

/** Every office, kiosk and contact person, by its id. */
export async function everything({ as }: Desk) {
	const [allOffices, allKiosks, allPeople] = await Promise.all([
		offices(as).list({ filter: '', sort: 'name', limit: 200 }),
		kiosks(as).list({ filter: '', sort: 'name', limit: 500 }),
		people(as).list({ filter: "roles ~ 'contact_person'", sort: 'name', limit: 500 })
	]);
	return {
		offices: allOffices,
		people: allPeople,
		officeOf: byId(allOffices),
		kioskOf: byId(allKiosks),
		personOf: byId(allPeople)
	};
}

function byId<T extends { id: string }>(all: readonly T[]): (id: string) => T | undefined {
	const found = new Map(all.map((one) => [one.id, one]));
	return (id) => found.get(id);
}
