import * as v from 'valibot';
import { calendarDay } from '#calendar-day.ts';
import type { Entry } from '#access-log/entry.ts';
import type { Action } from '#access-log/words.ts';
import { Failure } from '#failures.ts';
import { newId, written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import { refusal } from '#staff/duty.ts';
import type { Person } from '#staff/person.ts';
import { alikeFields } from './alike.ts';
import { due } from './deadline.ts';
import {
	actingBases,
	channels,
	languages,
	needs,
	requests,
	wants,
	wishes,
	type SubjectRequest
} from './request-row.ts';

export * from './request-row.ts';

/** Who works at the desk, and the database as they see it. */
export interface Desk {
	person: Person;
	as: Client;
}

/** What the desk may write down of a customer, when it takes the request in or later. */
export const Details = v.object({
	language: v.picklist(languages),
	name: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200)),
	reach: v.pipe(v.string(), v.trim(), v.maxLength(300)),
	remembers: v.pipe(v.string(), v.trim(), v.maxLength(4000)),
	callDay: v.optional(v.union([calendarDay, v.literal('')]), ''),
	needs: v.optional(v.array(v.picklist(needs)), []),
	actingName: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200)), ''),
	actingBasis: v.optional(v.picklist([...actingBases, '']), '')
});
/** What is taken in: vague is allowed, and nothing is demanded that the law does not need. */
export const Form = v.object({
	...Details.entries,
	received: v.date(),
	channel: v.picklist(channels),
	wants: v.optional(v.array(v.picklist(wants)), ['listen'])
});

/**
 * Takes a request in; its month runs from the receipt, not from the entry. Who wants a copy or a text is offered to
 * listen, and the wish keeps the request open until somebody has answered it. Refuses a receipt in the future.
 */
export async function receive(
	register: Register,
	desk: Desk,
	form: v.InferInput<typeof Form>
): Promise<SubjectRequest> {
	mayWork(register, desk);
	const { received, channel, wants: wanted, ...details } = v.parse(Form, form);
	if (received > register.now()) throw new Failure('invalid', 'received_in_the_future', { field: 'received' });
	const id = newId();
	await log(register, desk, id, 'receive_request');
	return requests(desk.as).create({
		...rowOf(details),
		id,
		channel,
		wants: wanted,
		wishes: wishes.filter((wish) => wanted.some((want) => want === wish)),
		received: written(received),
		due: written(due(received)),
		state: 'received',
		taken_by: desk.person.id
	});
}

/** Writes the customer's details anew, while the request is open; when it was received stays as it is. */
export async function correct(
	register: Register,
	desk: Desk,
	id: string,
	details: v.InferInput<typeof Details>
): Promise<SubjectRequest> {
	return inTurn(register, desk, id, async () => {
		await log(register, desk, id, 'change_request', { reason: 'details' });
		return requests(desk.as).update(id, rowOf(v.parse(Details, details)));
	});
}

function rowOf({ callDay, actingName, actingBasis, ...same }: v.InferOutput<typeof Details>) {
	return {
		...same,
		call_day: callDay,
		acting_name: actingBasis ? actingName : '',
		acting_basis: actingBasis,
		...alikeFields(same)
	};
}

/** One request, open or closed; that it was opened is logged first. */
export async function read(register: Register, desk: Desk, id: string): Promise<SubjectRequest> {
	mayWork(register, desk);
	const request = await requests(desk.as).one(id);
	await log(register, desk, id, 'view_request');
	return request;
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
	/** The member of staff whom it is about. */
	person?: string;
	reason?: string;
	measures?: Entry['measures'];
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
