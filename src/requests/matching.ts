import type { Entry } from '#access-log/entry.ts';
import { Failure, isFailure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import { read as readRecording, type Listing, type Recording } from '#recordings/recording.ts';
import { candidates, kindsOf, type Clues } from '#recordings/search.ts';
import { inTurn, log, mayWork, requests, stillOpen, type Desk, type SubjectRequest } from './request.ts';
import type { Window } from './windows.ts';

/** What besides the number says that a call is this customer's: a mask alone stands for a thousand numbers. */
export const secondFacts = ['time', 'employee', 'subject', 'service_number', 'duration'] as const;
export type SecondFact = (typeof secondFacts)[number];

const most = 50;

/**
 * The calls that fit what the customer remembers, newest first, at most 50. The search and every call that it shows
 * are in the log before they are given. Refuses outside an open request.
 */
export async function search(
	register: Register,
	desk: Desk,
	requestId: string,
	{ windows, ...clues }: Omit<Clues, 'limit' | 'from' | 'to'> & { windows: Window[] }
): Promise<{ calls: Listing[]; more: boolean }> {
	await stillOpen(register, desk, requestId);
	// A question a window: each has an index to walk, and an "or" of them would have none.
	const perWindow = await Promise.all(
		windows.map((window) => candidates(desk.as, { ...clues, ...window, limit: most + 1 }))
	);
	const found = perWindow
		.flat()
		.filter(({ destroyAfter }) => destroyAfter > register.now())
		.sort((a, b) => b.answered.getTime() - a.answered.getTime());
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

/** Binds a call to a request, on the strength of a second fact. */
export async function bind(
	register: Register,
	desk: Desk,
	requestId: string,
	recording: string,
	{ secondFact }: { secondFact: SecondFact }
): Promise<SubjectRequest> {
	return inTurn(register, desk, requestId, async (request) => {
		const call = await readRecording(desk.as, recording);
		if (call.destroyAfter <= register.now()) throw new Failure('too_late', 'past_retention');
		if (request.recordings.includes(recording)) return request;
		await log(register, desk, requestId, 'bind_recording', { recording, reason: secondFact });
		return requests(desk.as).update(requestId, {
			'recordings+': recording,
			...(request.state === 'received' ? { state: 'matched' } : {})
		});
	});
}

/** Takes a call from a request. */
export async function unbind(
	register: Register,
	desk: Desk,
	requestId: string,
	recording: string
): Promise<SubjectRequest> {
	return inTurn(register, desk, requestId, async (request) => {
		if (!request.recordings.includes(recording)) return request;
		await log(register, desk, requestId, 'unbind_recording', { recording });
		const last = request.recordings.length === 1 && request.state === 'matched';
		return requests(desk.as).update(requestId, { 'recordings-': recording, ...(last ? { state: 'received' } : {}) });
	});
}

function entry({ person }: Desk, request: string, more: Pick<Entry, 'action' | 'recording' | 'measures'>): Entry {
	return { actor: person.id, role: 'contact_person', purpose: 'subject_access', outcome: 'done', request, ...more };
}
