import type { Entry } from '#access-log/entry.ts';
import { Failure, isFailure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import { read as readRecording, type Listing, type Recording } from '#recordings/recording.ts';
import { candidates, kindsOf, newest, type Clues } from '#recordings/search.ts';
import { written } from '#pocketbase/collection.ts';
import { holds, standing } from '#retention/holds.ts';
import { turnOf } from '#retention/kept.ts';
import { longest } from './deadline.ts';
import { inTurn, log, mayWork, requests, stillOpen, type Desk, type SubjectRequest } from './request.ts';
import type { Window } from './windows.ts';

/** What besides the number says that a call is this customer's: a mask alone stands for a thousand numbers. */
export const secondFacts = ['time', 'employee', 'subject', 'service_number', 'duration'] as const;
export type SecondFact = (typeof secondFacts)[number];

const most = 50;

/**
 * The calls that fit what the customer remembers, newest first, at most 50; those older than `after` where it is given.
 * The search and every call that it shows are in the log before they are given. Refuses outside an open request.
 */
export async function search(
	register: Register,
	desk: Desk,
	requestId: string,
	{ windows, ...clues }: Omit<Clues, 'limit' | 'from' | 'to'> & { windows: Window[] }
): Promise<{ calls: Listing[]; more: boolean }> {
	mayWork(register, desk);
	// A question a window: each has an index to walk, and an "or" of them would have none.
	const [, ...perWindow] = await Promise.all([
		stillOpen(register, desk, requestId),
		...windows
			.filter(({ from }) => !clues.after || from <= clues.after.answered)
			.map((window) => candidates(desk.as, { ...clues, ...window, limit: most + 1 }))
	]);
	const found = newest(perWindow, most + 1).filter(({ destroyAfter }) => destroyAfter > register.now());
	const calls = found.slice(0, most);
	await register.accessLog.append([
		entry(desk, requestId, {
			action: 'search_recordings',
			measures: { results: calls.length, windows: windows.length, ...kindsOf(clues) }
		}),
		...calls.map(({ id }) => entry(desk, requestId, { action: 'view_recording', recording: id }))
	]);
	return { calls, more: found.length > most };
}

/** The calls that are bound to a request; each view is logged first. One that is destroyed by now is left out. */
export async function bound(register: Register, desk: Desk, request: SubjectRequest): Promise<Recording[]> {
	mayWork(register, desk);
	const found = await Promise.all(request.recordings.map((id) => ifThere(desk, id)));
	const calls = found.filter((call) => call !== undefined);
	if (calls.length > 0) {
		await register.accessLog.append(
			calls.map(({ id }) => entry(desk, request.id, { action: 'view_recording', recording: id }))
		);
	}
	return calls;
}

async function ifThere({ as }: Desk, id: string): Promise<Recording | undefined> {
	return readRecording(as, id).catch((fault: unknown) => {
		if (isFailure(fault) && fault.kind === 'missing') return undefined;
		throw fault;
	});
}

/**
 * Binds a call to a request, on the strength of a second fact, and puts a hold on it until the request ends, at the
 * longest for its lawful time: what a customer has asked for is not destroyed meanwhile.
 */
export async function bind(
	register: Register,
	desk: Desk,
	requestId: string,
	recording: string,
	{ secondFact }: { secondFact: SecondFact }
): Promise<SubjectRequest> {
	return inTurn(register, desk, requestId, async (request) => {
		const { keyDay } = await alive(register, desk, recording);
		if (request.recordings.includes(recording)) return request;
		// No sweep of that day runs meanwhile: a call is either held or destroyed.
		return register.turns.take(turnOf(keyDay), async () => {
			await alive(register, desk, recording);
			await log(register, desk, requestId, 'bind_recording', { recording, reason: secondFact });
			await hold(register, desk, request, recording);
			return requests(desk.as).update(requestId, {
				'recordings+': recording,
				'ruled_out-': recording,
				...(request.state === 'received' ? { state: 'matched' } : {})
			});
		});
	});
}

async function alive(register: Register, desk: Desk, recording: string): Promise<Recording> {
	const call = await readRecording(desk.as, recording);
	if (call.destroyAfter <= register.now()) throw new Failure('too_late', 'past_retention');
	return call;
}

/** Holds a call for a request (GDPR Art. 18; hävittämisen keskeytys); the database ends it with the request. */
async function hold(register: Register, desk: Desk, request: SubjectRequest, recording: string): Promise<void> {
	const [now, until] = [register.now(), longest(request.received)];
	if (until <= now) return;
	await log(register, desk, request.id, 'hold_recording', { recording, reason: 'request' });
	await holds(desk.as)
		.create({
			recording,
			request: request.id,
			ground: 'request',
			placed: written(now),
			placed_by: desk.person.id,
			until: written(until),
			asked_until: written(until)
		})
		.catch((fault: unknown) => {
			// It stands already, from a binding that was broken off.
			if (!isFailure(fault) || fault.kind !== 'conflict') throw fault;
		});
}

/** Takes a call from a request; its hold ends, in the log first. */
export async function unbind(
	register: Register,
	desk: Desk,
	requestId: string,
	recording: string
): Promise<SubjectRequest> {
	return inTurn(register, desk, requestId, async (request) => {
		if (!request.recordings.includes(recording)) return request;
		await log(register, desk, requestId, 'unbind_recording', { recording });
		const held = await standing(desk.as, { request: requestId });
		if (held.some((one) => one.recording === recording)) {
			await log(register, desk, requestId, 'end_hold', { recording, reason: 'unbound' });
		}
		const last = request.recordings.length === 1 && request.state === 'matched';
		return requests(desk.as).update(requestId, { 'recordings-': recording, ...(last ? { state: 'received' } : {}) });
	});
}

/** Notes that a call is somebody else's, so that nobody looks at it twice; a bound one is unbound first. */
export async function ruleOut(
	register: Register,
	desk: Desk,
	requestId: string,
	recording: string
): Promise<SubjectRequest> {
	return inTurn(register, desk, requestId, async (request) => {
		if (request.recordings.includes(recording)) throw new Failure('conflict', 'bound');
		if (request.ruledOut.includes(recording)) return request;
		await readRecording(desk.as, recording);
		await log(register, desk, requestId, 'rule_out_recording', { recording });
		return requests(desk.as).update(requestId, { 'ruled_out+': recording });
	});
}

/** Takes back that a call was ruled out. */
export async function ruleIn(
	register: Register,
	desk: Desk,
	requestId: string,
	recording: string
): Promise<SubjectRequest> {
	return inTurn(register, desk, requestId, async (request) => {
		if (!request.ruledOut.includes(recording)) return request;
		await log(register, desk, requestId, 'rule_in_recording', { recording });
		return requests(desk.as).update(requestId, { 'ruled_out-': recording });
	});
}

function entry({ person }: Desk, request: string, more: Pick<Entry, 'action' | 'recording' | 'measures'>): Entry {
	return { actor: person.id, role: 'contact_person', purpose: 'subject_access', outcome: 'done', request, ...more };
}
