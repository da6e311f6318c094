import * as v from 'valibot';
import type { Action } from '#access-log/words.ts';
import { Failure } from '#failures.ts';
import { collection, instant, knownInstant, newId, written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import { refusal } from '#staff/duty.ts';
import type { Person } from '#staff/person.ts';
import { due } from './deadline.ts';

/** How a request may come. */
export const channels = ['phone', 'email', 'letter', 'in_person', 'message'] as const;
export const languages = ['fi', 'sv', 'en'] as const;
/** How far a request is. */
export const states = ['received', 'matched', 'booked', 'heard', 'closed'] as const;
export type RequestState = (typeof states)[number];
/** How a request may end. */
export const endings = ['heard', 'nothing_found', 'destroyed_before_receipt', 'withdrawn', 'refused'] as const;
export type RequestEnding = (typeof endings)[number];

const Row = v.pipe(
	v.object({
		id: v.string(),
		received: knownInstant,
		channel: v.picklist(channels),
		language: v.picklist(languages),
		name: v.string(),
		reach: v.string(),
		remembers: v.string(),
		state: v.picklist(states),
		closed_as: v.union([v.picklist(endings), v.literal('')]),
		closed: instant,
		due: knownInstant,
		recordings: v.array(v.string()),
		not_mine: v.array(v.string()),
		wishes: v.array(v.string())
	}),
	v.transform(({ closed_as, not_mine, ...row }) => ({
		...row,
		closedAs: closed_as === '' ? undefined : closed_as,
		/** Bound recordings that the visitor said are not theirs. */
		notMine: not_mine
	}))
);
/** A data subject's wish to hear their own call (register description § 8b). */
export type SubjectRequest = v.InferOutput<typeof Row>;

/** The requests as one client may see them. */
export function requests(as: Client) {
	return collection(as, 'requests', Row);
}

/** Who works at the desk, and the database as they see it. */
export interface Desk {
	person: Person;
	as: Client;
}

/** What is taken in: vague is allowed, and nothing is demanded that the law does not need. */
export const Form = v.object({
	received: v.date(),
	channel: v.picklist(channels),
	language: v.picklist(languages),
	name: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200)),
	reach: v.pipe(v.string(), v.trim(), v.maxLength(300)),
	remembers: v.pipe(v.string(), v.trim(), v.maxLength(4000))
});

/** Takes a request in; its month runs from the receipt, not from the entry. Refuses a receipt in the future. */
export async function receive(
	register: Register,
	desk: Desk,
	form: v.InferOutput<typeof Form>
): Promise<SubjectRequest> {
	mayWork(register, desk);
	if (form.received > register.now()) throw new Failure('invalid', 'received_in_the_future', { field: 'received' });
	const id = newId();
	await log(register, desk, id, 'receive_request');
	return requests(desk.as).create({
		...form,
		id,
		received: written(form.received),
		due: written(due(form.received)),
		state: 'received',
		taken_by: desk.person.id
	});
}

/** The open requests, the next due first: of each state the 500 that are due first. */
export async function open(register: Register, desk: Desk): Promise<SubjectRequest[]> {
	mayWork(register, desk);
	const perState = await Promise.all(
		// Once a state and merged: the index serves each, and an "or" would not be served at all.
		(['received', 'matched', 'booked', 'heard'] as const).map((state) =>
			requests(desk.as).list({ filter: 'state = {:state}', params: { state }, sort: 'due', limit: 500 })
		)
	);
	return perState.flat().sort((a, b) => a.due.getTime() - b.due.getTime());
}

/** One request, open or closed; that it was opened is logged first. */
export async function read(register: Register, desk: Desk, id: string): Promise<SubjectRequest> {
	mayWork(register, desk);
	const request = await requests(desk.as).one(id);
	await log(register, desk, id, 'view_request');
	return request;
}

/** Closes a request for good. Refuses one that is closed, or whose wishes (a copy, a correction, a talk) are open. */
export async function close(
	register: Register,
	desk: Desk,
	id: string,
	as: RequestEnding,
	{ wishesAnswered = false }: { wishesAnswered?: boolean } = {}
): Promise<SubjectRequest> {
	return inTurn(register, desk, id, async (request) => {
		mayClose(request, { wishesAnswered });
		await log(register, desk, id, 'change_request', { reason: as });
		return requests(desk.as).update(id, { state: 'closed', closed_as: as, closed: written(register.now()) });
	});
}

/** Refuses to close a request whose wishes nobody has answered. */
export function mayClose({ wishes }: SubjectRequest, { wishesAnswered }: { wishesAnswered: boolean }): void {
	if (wishes.length > 0 && !wishesAnswered) throw new Failure('conflict', 'wishes_open');
}

/** Changes an open request, one change after the other, so that each decides on what the one before it left. */
export async function inTurn<T>(
	register: Register,
	desk: Desk,
	id: string,
	work: (request: SubjectRequest) => Promise<T>
): Promise<T> {
	return register.turns.take(id, async () => work(await stillOpen(register, desk, id)));
}

/** The request, if it is open and this person may work on it; `conflict: request_closed` otherwise. */
export async function stillOpen(register: Register, desk: Desk, id: string): Promise<SubjectRequest> {
	mayWork(register, desk);
	const request = await requests(desk.as).one(id);
	if (request.state === 'closed') throw new Failure('conflict', 'request_closed');
	return request;
}

/** Refuses whoever has not the desk's duty now. */
export function mayWork(register: Register, { person }: Desk): void {
	const reason = refusal(person, 'desk', register.now());
	if (reason) throw new Failure('refused', reason);
}

interface About {
	recording?: string;
	appointment?: string;
	office?: string;
	kiosk?: string;
	reason?: string;
	/** Why it did not happen after all. */
	refused?: string;
}

/** A line of the desk about a request. */
export async function log(
	register: Register,
	{ person }: Desk,
	request: string,
	action: Action,
	{ refused, ...about }: About = {}
): Promise<void> {
	await register.accessLog.append({
		action,
		actor: person.id,
		role: 'contact_person',
		purpose: 'subject_access',
		outcome: refused ? 'refused' : 'done',
		request,
		...about,
		...(refused ? { reason: refused } : {})
	});
}
