import * as v from 'valibot';
import type { Entry } from '#access-log/entry.ts';
import type { Action } from '#access-log/words.ts';
import { Failure, isFailure } from '#failures.ts';
import { collection, written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { hearableUntil, recordings } from '#recordings/recording.ts';
import type { Register } from '#register.server.ts';
import { refusal } from '#staff/duty.ts';
import type { Person } from '#staff/person.ts';
import { appointments } from './appointment-row.ts';
import { end } from './ending.ts';
import { kiosks } from './kiosk.ts';
import { line, tell } from './live-visit.ts';
import { offices } from './office.ts';
import { whyNotAttend, whyNotRelease } from './release.ts';
import { next, visits, type DocumentKind, type Visit, type VisitState } from './visit.ts';

export { documents } from './visit.ts';

// The contact person's side of a visit: they look at the document, they release, they stop (design, "Who may do what").

/** Who acts, and the database as they see it. */
export interface ContactPerson {
	person: Person;
	as: Client;
}

/** A visitor at a kiosk, as the contact person's board shows them. */
export interface Arrival {
	visit: string;
	request: string;
	/** The requester's name. */
	name: string;
	kioskName: string;
	officeName: string;
	starts: Date;
	ends: Date;
	arrived: Date;
	state: VisitState;
	/** Whether the visitor asks for somebody. */
	called: boolean;
	/** How many recordings can be released. */
	recordings: number;
	/** Of how many the visitor said that they are not theirs. */
	notMine: number;
}

// What a release needs of a request; the requests' own room knows the rest.
const RequestRow = v.object({
	id: v.string(),
	name: v.string(),
	recordings: v.array(v.string()),
	not_mine: v.array(v.string())
});

/** The live visits at the offices where this person serves, the longest waiting first. */
export async function waiting(register: Register, { person, as }: ContactPerson): Promise<Arrival[]> {
	mustServe(register, person);
	const perOffice = await Promise.all(
		person.offices.map((office) =>
			visits(as).list({ filter: "office = {:office} && state != 'ended'", params: { office }, sort: 'arrived' })
		)
	);
	const live = perOffice.flat().filter(({ ends }) => ends > register.now());
	live.sort((a, b) => a.arrived.getTime() - b.arrived.getTime());
	return Promise.all(live.map((visit) => arrival(visit, as)));
}

async function arrival(visit: Visit, as: Client): Promise<Arrival> {
	const [request, appointment, kiosk, office] = await Promise.all([
		collection(as, 'requests', RequestRow).one(visit.request),
		appointments(as).one(visit.appointment),
		kiosks(as).one(visit.kiosk),
		offices(as).one(visit.office)
	]);
	return {
		visit: visit.id,
		request: visit.request,
		name: request.name,
		kioskName: kiosk.name,
		officeName: office.name,
		starts: appointment.starts,
		ends: visit.ends,
		arrived: visit.arrived,
		state: visit.state,
		called: visit.called !== undefined,
		recordings: request.recordings.length,
		notMine: request.not_mine.length
	};
}

/**
 * Releases the request's recordings to the kiosk for the hour, after the contact person has looked at a document of
 * this kind. Refuses, in the log too, whoever is not trained, does not serve at that office, or is outside the slot;
 * a second press gets `conflict: already_released`.
 */
export async function release(
	register: Register,
	door: ContactPerson,
	visitId: string,
	{ document }: { document: DocumentKind }
): Promise<Visit> {
	return served(register, door, visitId, 'release_visit', (visit) => releaseVisit(register, door, visit, document));
}

async function releaseVisit(
	register: Register,
	{ as, person }: ContactPerson,
	visit: Visit,
	document: DocumentKind
): Promise<Visit> {
	const state = next(visit.state, 'release');
	if (!state) throw new Failure('conflict', visit.state === 'ended' ? 'visit_over' : 'already_released');
	const [appointment, kiosk, request] = await Promise.all([
		appointments(as).one(visit.appointment),
		kiosks(as).one(visit.kiosk),
		collection(as, 'requests', RequestRow).one(visit.request)
	]);
	const now = register.now();
	const alive = await playable(as, request.recordings, now);
	const why =
		whyNotRelease(person, { office: visit.office, kiosk, appointment }, now) ??
		(alive.length === 0 ? 'no_recordings' : undefined);
	if (why) return refuse(register, person, 'release_visit', why, visit);

	await register.accessLog.append([
		byPerson(visit, person, { action: 'verify_identity' }),
		byPerson(visit, person, { action: 'release_visit', measures: { recordings: alive.length } })
	]);
	const released = await visits(as).update(visit.id, {
		state,
		verified_by: person.id,
		verified: written(now),
		document,
		recordings: alive
	});
	tell(register, visit);
	await appointments(as).update(appointment.id, { state: 'kept' });
	// From here on the desk sees it as heard; should the visit go wrong, it can book another hour.
	await collection(as, 'requests', RequestRow).update(visit.request, { state: 'heard' });
	return released;
}

/** The visitor could not be verified: the visit ends, nothing was played. Refuses once something was released. */
export async function refuseVisitor(register: Register, door: ContactPerson, visitId: string): Promise<void> {
	const { person } = door;
	const visit = await served(register, door, visitId, 'verify_identity', async (now) => {
		if (!next(now.state, 'release')) throw new Failure('conflict', 'already_released');
		await register.accessLog.append(
			byPerson(now, person, { action: 'verify_identity', outcome: 'refused', reason: 'not_verified' })
		);
		return now;
	});
	await end(register, visit, 'not_verified', { person: person.id, role: 'contact_person' });
}

/** Ends a visit; its sound stops at once. */
export async function stop(register: Register, door: ContactPerson, visitId: string): Promise<void> {
	const visit = await at(register, door, visitId, 'end_visit');
	await end(register, visit, 'contact_person', { person: door.person.id, role: 'contact_person' });
}

/** The contact person is on their way to a visitor who called. */
export async function coming(register: Register, door: ContactPerson, visitId: string): Promise<void> {
	await served(register, door, visitId, 'call_staff', async (visit) => {
		await visits(door.as).update(visit.id, { called: '' });
		tell(register, visit);
	});
}

/** Does `work` on a visit in its turn, for a contact person who serves at its office. */
export async function served<T>(
	register: Register,
	door: ContactPerson,
	visitId: string,
	action: Action,
	work: (visit: Visit) => Promise<T>
): Promise<T> {
	return register.turns.take(visitId, async () => work(await at(register, door, visitId, action)));
}

async function at(register: Register, { person, as }: ContactPerson, visitId: string, action: Action): Promise<Visit> {
	const reason = refusal(person, 'desk', register.now());
	// The database would not show them the visit: the refusal is written without it.
	if (reason) return refuse(register, person, action, reason);
	const visit = await visits(as).one(visitId);
	const elsewhere = whyNotAttend(person, visit.office, register.now());
	return elsewhere ? refuse(register, person, action, elsewhere, visit) : visit;
}

function mustServe(register: Register, person: Person): void {
	const reason = refusal(person, 'desk', register.now());
	if (reason) throw new Failure('refused', reason);
}

async function playable(as: Client, ids: readonly string[], now: Date): Promise<string[]> {
	const found = await Promise.all(ids.map((id) => recordings(as).one(id).catch(unlessMissing)));
	return found.flatMap((recording) => (recording && hearableUntil(recording) > now ? [recording.id] : []));
}

function unlessMissing(fault: unknown): undefined {
	if (!isFailure(fault) || fault.kind !== 'missing') throw fault;
}

/** Refuses, in the log too. */
export async function refuse(
	register: Register,
	person: Person,
	action: Action,
	reason: string,
	visit?: Visit
): Promise<never> {
	const no = { action, outcome: 'refused', reason } as const;
	await register.accessLog.append(
		visit ? byPerson(visit, person, no) : { ...no, actor: person.id, role: 'contact_person', purpose: 'subject_access' }
	);
	throw new Failure('refused', reason);
}

/** A line for the log about a visit, of a contact person. */
export function byPerson(visit: Visit, person: Person, entry: Pick<Entry, 'action'> & Partial<Entry>): Entry {
	return line(visit, { ...entry, actor: person.id, role: 'contact_person' });
}
