import { accesses, boundIn, type Access } from '#access-log/extract.ts';
import type { Entry, Logged } from '#access-log/entry.ts';
import { all } from '#access-log/pages.ts';
import type { Verdict } from '#access-log/verify.ts';
import { Failure } from '#failures.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import { destructions, type Destruction } from '#retention/destruction.ts';
import { holds, type Hold } from '#retention/holds.ts';
import { refusal } from '#staff/duty.ts';
import { people, type Person } from '#staff/person.ts';
import { stillOpen, type SubjectRequest } from './request.ts';

/** Who asks for the papers of a request, and the database as they see it. */
export interface Reader {
	person: Person;
	as: Client;
	role: 'contact_person' | 'auditor';
}

/** Of the request itself only what is no data of the person who asked. */
export type RequestFacts = Pick<
	SubjectRequest,
	'received' | 'due' | 'channel' | 'language' | 'state' | 'closed' | 'closedAs'
>;

/** All that shows how one request was answered (accountability, GDPR Art. 5(2)). */
export interface Package {
	request: string;
	made: Date;
	/** Only for a contact person, while the request is open. */
	facts: RequestFacts | undefined;
	recordings: string[];
	/** Everything in the log about the request, and what became of its recordings; oldest first. */
	entries: Logged[];
	holds: Hold[];
	destructions: Destruction[];
	/** What the whole log's verification said when this was made. */
	verdict: Verdict;
}

/** What became of a recording without its request being named. */
const fates = ['hold_recording', 'end_hold', 'reseal_recording', 'destroy_key', 'destroy_recording'];

/**
 * Puts together how a request was answered, in the log first, and verifies the whole log. A contact person may while
 * the request is open; an auditor may always, by the id, and gets what the log and the certificates say and nothing of
 * the request itself. Refuses with `missing` when the log knows no such request.
 */
export async function packageOf(register: Register, reader: Reader, id: string): Promise<Package> {
	const facts = await factsFor(register, reader, id);
	const known = await about(register, id);
	const { verdict } = await register.accessLog.verify(line(reader, id, 'make_package'));
	const recordings = boundIn(known);
	const fatesOf = await Promise.all(
		recordings.map(async (recording) =>
			(await all(register.accessLog, { recording })).filter(({ action, request }) => !request && fates.includes(action))
		)
	);
	return {
		request: id,
		made: register.now(),
		facts,
		recordings,
		entries: [...known, ...fatesOf.flat()].sort((a, b) => a.sequence - b.sequence),
		holds: await holds(reader.as).list({ filter: 'request = {:id}', params: { id }, sort: 'placed', limit: 500 }),
		destructions: await certificates(reader.as, recordings),
		verdict
	};
}

/** Who saw and heard the recordings of a request, when and why (GDPR Art. 15; CJEU C-579/21). */
export interface Extract {
	request: string;
	made: Date;
	/** The language of the request; undefined for an auditor, who does not know it. */
	language: SubjectRequest['language'] | undefined;
	/** Each recording's accesses, oldest first. */
	recordings: { id: string; accesses: Access[] }[];
	/** By their ids, of those who act for the controller; empty unless somebody decided to name them. */
	names: Map<string, string>;
}

/** Why an employee may be named to a data subject: never as a matter of course (C-579/21). */
export const namingReasons = ['names_essential', 'names_agreed', 'names_ordered'] as const;
export type NamingReason = (typeof namingReasons)[number];

/**
 * Makes the extract of one request's recordings, in the log first: with roles only, or, for a contact person who says
 * why, with the employees' names; that is an entry of its own. An auditor may not read names, so cannot.
 */
export async function extract(
	register: Register,
	reader: Reader,
	id: string,
	{ naming }: { naming?: NamingReason } = {}
): Promise<Extract> {
	const facts = await factsFor(register, reader, id);
	const bound = boundIn(await about(register, id));
	if (naming && reader.role !== 'contact_person') throw new Failure('refused', 'wrong_role');
	await register.accessLog.append([
		line(reader, id, 'make_extract'),
		...(naming ? [{ ...line(reader, id, 'disclose_names'), reason: naming }] : [])
	]);
	const recordings = await Promise.all(
		bound.map(async (recording) => ({ id: recording, accesses: await accesses(register.accessLog, recording) }))
	);
	const staff = recordings
		.flatMap(({ accesses }) => accesses)
		.filter(({ role }) => !['customer', 'kiosk', 'system'].includes(role))
		.flatMap(({ actor }) => actor ?? []);
	return {
		request: id,
		made: register.now(),
		language: facts?.language,
		recordings,
		names: naming ? await namesOf(reader.as, new Set(staff)) : new Map()
	};
}

async function factsFor(register: Register, reader: Reader, id: string): Promise<RequestFacts | undefined> {
	const duty = reader.role === 'auditor' ? 'audit' : 'desk';
	const reason = refusal(reader.person, duty, register.now());
	if (reason) throw new Failure('refused', reason);
	if (reader.role === 'auditor') return undefined;
	const { received, due, channel, language, state, closed, closedAs } = await stillOpen(register, reader, id);
	return { received, due, channel, language, state, closed, closedAs };
}

async function about(register: Register, id: string): Promise<Logged[]> {
	const known = await all(register.accessLog, { request: id });
	if (!known.some(({ action }) => !['make_package', 'make_extract', 'read_log'].includes(action))) {
		throw new Failure('missing', 'not_found');
	}
	return known;
}

async function certificates(as: Client, recordings: string[]): Promise<Destruction[]> {
	const found = await Promise.all(
		recordings.map((id) => destructions(as).first({ filter: 'id = {:id}', params: { id } }))
	);
	return found.filter((one) => one !== undefined);
}

async function namesOf(as: Client, ids: Set<string>): Promise<Map<string, string>> {
	const found = await Promise.all([...ids].map((id) => people(as).first({ filter: 'id = {:id}', params: { id } })));
	return new Map(found.flatMap((person) => (person ? [[person.id, person.name] as const] : [])));
}

function line({ person, role }: Reader, request: string, action: Entry['action']): Entry {
	const purpose = role === 'auditor' ? 'audit' : 'subject_access';
	return { action, actor: person.id, role, purpose, outcome: 'done', request };
}
