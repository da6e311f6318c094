import { Failure } from '#failures.ts';
import { written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import type { Desk } from '#requests/request.ts';
import { people, type Person } from '#staff/person.ts';
import { appointments } from './appointment-row.ts';
import { kiosks, type Kiosk } from './kiosk.ts';
import { offices, type Office } from './office.ts';
import type { Slot } from './slots.ts';
import { visits } from './visit.ts';

// Who and what is free when: an hour needs a kiosk of the office and a contact person who serves there.

const day = 24 * 3600_000;

/** An office with its kiosks in use, its contact persons, and the hours for which any of them is taken. */
export interface Staffed {
	office: Office;
	kiosks: Kiosk[];
	/** Whoever asks comes first, if they serve there. */
	people: Person[];
	taken: Taken[];
}

interface Taken extends Slot {
	/** The appointment. */
	id: string;
	kiosk: string;
	/** Empty where nobody in particular is taken. */
	person: string;
}

/** Looks at an office; the hours of one appointment, which is being moved, count as free. */
export async function staffed(register: Register, desk: Desk, officeId: string, moving?: string): Promise<Staffed> {
	const { as, person: self } = desk;
	const params = { office: officeId };
	const [office, paired, serving] = await Promise.all([
		offices(as).one(officeId),
		kiosks(as).list({ filter: "office = {:office} && revoked = ''", params, sort: 'name', limit: 200 }),
		people(as).list({
			filter: "roles ~ 'contact_person' && active = true && offices ~ {:office}",
			params,
			sort: 'name',
			limit: 200
		})
	]);
	// A contact person serves at several offices, so their own hours are asked for, wherever those are.
	const from = written(new Date(register.now().getTime() - day));
	const found = await Promise.all([
		takenBy(desk, 'office', officeId, from),
		liveAt(desk, officeId),
		...serving.map(({ id }) => takenBy(desk, 'person', id, from))
	]);
	return {
		office,
		kiosks: paired,
		people: serving.sort((a, b) => Number(b.id === self.id) - Number(a.id === self.id)),
		taken: found.flat().filter(({ id }) => id !== moving)
	};
}

async function takenBy({ as }: Desk, what: 'office' | 'person', id: string, from: string): Promise<Taken[]> {
	const found = await appointments(as).list({
		filter: `${what} = {:id} && starts >= {:from}`,
		params: { id, from },
		sort: 'starts',
		limit: 1000
	});
	return found.filter(({ state }) => state === 'booked' || state === 'kept');
}

/** A visit that was made longer takes its kiosk for longer than its hour. */
async function liveAt({ as }: Desk, office: string): Promise<Taken[]> {
	const live = await visits(as).list({ filter: "office = {:office} && state != 'ended'", params: { office } });
	return live.map(({ appointment, kiosk, arrived, ends }) => ({
		id: appointment,
		kiosk,
		person: '',
		starts: arrived,
		ends
	}));
}

/** The kiosks and the contact persons that are free then. A course must not run out before the hour is over (§ 8c). */
export function freeThen({ kiosks, people, taken }: Staffed, slot: Slot): { kiosks: Kiosk[]; people: Person[] } {
	const then = taken.filter((other) => meet(slot, other));
	return {
		kiosks: kiosks.filter(({ id }) => !then.some(({ kiosk }) => kiosk === id)),
		people: people.filter(
			({ id, trainedUntil }) =>
				trainedUntil !== undefined && trainedUntil > slot.ends && !then.some(({ person }) => person === id)
		)
	};
}

/** Refuses with `invalid: slot` a kiosk that is not of this office, or not in use any more. */
export function mustBeOfOffice({ kiosks }: Staffed, kiosk: string): void {
	if (!kiosks.some(({ id }) => id === kiosk)) throw new Failure('invalid', 'slot', { field: 'slot' });
}

function meet(one: Slot, other: Slot): boolean {
	return one.starts < other.ends && other.starts < one.ends;
}
