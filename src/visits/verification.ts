import * as v from 'valibot';
import type { Action } from '#access-log/words.ts';
import { Failure } from '#failures.ts';
import { collection, written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { recordings } from '#recordings/recording.ts';
import type { Register } from '#register.server.ts';
import { refusal } from '#staff/duty.ts';
import type { Person } from '#staff/person.ts';
import { appointments, earlyMs } from './appointment-row.ts';
import { end } from './ending.ts';
import { kiosks } from './kiosk.ts';
import { offices } from './office.ts';
import { next, visits, type DocumentKind, type Visit, type VisitState } from './visit.ts';

export { documents } from './visit.ts';

// The contact person's side of a visit: they look at the document, they release, they stop (design, "Who may do what").

interface ContactPerson {
	person: Person;
	/** The database as they see it. */
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
}

// What a release needs of a request; the requests' own room knows the rest.
const RequestRow = v.object({ id: v.string(), name: v.string(), recordings: v.array(v.string()) });

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
		ends: appointment.ends,
		arrived: visit.arrived,
		state: visit.state,
		called: visit.called !== undefined,
		recordings: request.recordings.length
	};
}

/**
 * Releases the request's recordings to the kiosk for the hour, after the contact person has looked at a document of
 * this kind. Refuses, in the log too, whoever is not trained, does not serve at that office, or is outside the slot.
 */
export async function release(
	register: Register,
	door: ContactPerson,
	visitId: string,
	{ document }: { document: DocumentKind }
): Promise<Visit> {
	// Two who press at once: the second finds the visit released, and the log says it once.
	return register.turns.take(visitId, () => releaseInTurn(register, door, visitId, document));
}

async function releaseInTurn(
	register: Register,
	{ as, person }: ContactPerson,
	visitId: string,
	document: DocumentKind
): Promise<Visit> {
	const visit = await visits(as).one(visitId);
	const [appointment, request] = await Promise.all([
		appointments(as).one(visit.appointment),
		collection(as, 'requests', RequestRow).one(visit.request)
	]);
	const now = register.now();
	const why =
		whyNot(register, person, visit) ??
		(now.getTime() < appointment.starts.getTime() - earlyMs || now >= appointment.ends ? 'outside_slot' : undefined);
	if (why) return refuse(register, person, visit, 'release_visit', why);
	const state = next(visit.state, 'release');
	if (!state) throw new Failure('conflict', 'already_released');
	const alive = await playable(as, request.recordings, now);
	if (alive.length === 0) return refuse(register, person, visit, 'release_visit', 'no_recordings');

	await register.accessLog.append([
		line(person, visit, 'verify_identity'),
		line(person, visit, 'release_visit', { measures: { recordings: alive.length } })
	]);
	const released = await visits(as).update(visitId, {
		state,
		verified_by: person.id,
		verified: written(now),
		document,
		recordings: alive
	});
	await appointments(as).update(appointment.id, { state: 'kept' });
	tell(register, visit);
	return released;
}

/** The visitor could not be verified: the visit ends, nothing was played. */
export async function refuseVisitor(register: Register, door: ContactPerson, visitId: string): Promise<void> {
	const visit = await at(register, door, visitId, 'verify_identity');
	await register.accessLog.append(line(door.person, visit, 'verify_identity', { outcome: 'refused', reason: 'not_verified' }));
	await end(register, visit, 'not_verified', { person: door.person.id, role: 'contact_person' });
}

/** Ends a visit; its sound stops at once. */
export async function stop(register: Register, door: ContactPerson, visitId: string): Promise<void> {
	const visit = await at(register, door, visitId, 'end_visit');
	await end(register, visit, 'contact_person', { person: door.person.id, role: 'contact_person' });
}

/** The contact person is on their way to a visitor who called. */
export async function coming(register: Register, door: ContactPerson, visitId: string): Promise<void> {
	const visit = await at(register, door, visitId, 'call_staff');
	await visits(door.as).update(visit.id, { called: '' });
	tell(register, visit);
}

async function at(register: Register, door: ContactPerson, visitId: string, action: Action): Promise<Visit> {
	const visit = await visits(door.as).one(visitId);
	const why = whyNot(register, door.person, visit);
	return why ? refuse(register, door.person, visit, action, why) : visit;
}

function whyNot(register: Register, person: Person, visit: Visit): string | undefined {
	const reason = refusal(person, 'desk', register.now());
	if (reason) return reason;
	return person.offices.includes(visit.office) ? undefined : 'other_office';
}

function mustServe(register: Register, person: Person): void {
	const reason = refusal(person, 'desk', register.now());
	if (reason) throw new Failure('refused', reason);
}

async function playable(as: Client, ids: readonly string[], now: Date): Promise<string[]> {
	const found = await Promise.all(ids.map((id) => recordings(as).one(id).catch(() => undefined)));
	return found.flatMap((recording) => (recording && recording.destroyAfter > now ? [recording.id] : []));
}

async function refuse(
	register: Register,
	person: Person,
	visit: Visit,
	action: Action,
	reason: string
): Promise<never> {
	await register.accessLog.append(line(person, visit, action, { outcome: 'refused', reason }));
	throw new Failure('refused', reason);
}

function line(
	person: Person,
	visit: Visit,
	action: Action,
	more: { outcome?: 'done' | 'refused'; reason?: string; measures?: { recordings: number } } = {}
) {
	return {
		action,
		actor: person.id,
		role: 'contact_person',
		purpose: 'subject_access',
		outcome: 'done',
		visit: visit.id,
		request: visit.request,
		appointment: visit.appointment,
		kiosk: visit.kiosk,
		office: visit.office,
		...more
	} as const;
}

function tell(register: Register, visit: Visit): void {
	register.news.tell({ kiosk: visit.kiosk, office: visit.office, visit: visit.id });
}
