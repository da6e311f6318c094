import type { Entry } from '#access-log/entry.ts';
import { Failure, isFailure } from '#failures.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { read as readRecording, type Listing, type Recording } from '#recordings/recording.ts';
import { candidates, newest, type Clues } from '#recordings/search.ts';
import type { Register } from '#register.server.ts';
import { refusal, roleOf, type Duty } from '#staff/duty.ts';
import type { Person } from '#staff/person.ts';
import { grant, type Purpose } from './grant.ts';

// What agents and supervisors see of the register (§ 8a): their own calls, and those of their subordinates.

/** A signed-in person who looks for calls, and the database as they see it. */
export interface Seeker {
	readonly person: Person;
	readonly as: Client;
}

/** Whose calls: their own, as an agent, or their subordinates', as a supervisor. */
export const whoses = ['own', 'team'] as const;
export type Whose = (typeof whoses)[number];
const duties: Record<Whose, Duty> = { own: 'listen_own', team: 'listen_team' };

/** How many calls a page of results has. */
export const pageSize = 25;

/** Whose calls this person may look for now. */
export function mayFind({ person }: Seeker, now: Date): Whose[] {
	return whoses.filter((whose) => !refusal(person, duties[whose], now));
}

/**
 * A page of calls that fit, newest first. The search and every call that it shows are in the log before they are given.
 * Refuses, in the log too, with `refused` and the reason.
 */
export async function find(
	register: Register,
	{ person, as }: Seeker,
	whose: Whose,
	clues: Omit<Clues, 'limit' | 'team'>
): Promise<{ calls: Listing[]; more: boolean }> {
	const duty = duties[whose];
	const line = { actor: person.id, role: roleOf(duty) };
	const reason = refusal(person, duty, register.now());
	if (reason) {
		await register.accessLog.append({ ...line, action: 'search_recordings', outcome: 'refused', reason });
		throw new Failure('refused', reason);
	}
	const questions = narrowed(person, whose, clues);
	const answers = await Promise.all(questions.map((one) => candidates(as, { ...one, limit: pageSize + 1 })));
	const found = newest(answers, pageSize + 1).filter(
		(call) => call.destroyAfter > register.now() && (whose === 'own' || person.supervises.includes(call.team))
	);
	const calls = found.slice(0, pageSize);
	await register.accessLog.append([
		{ ...line, action: 'search_recordings', outcome: 'done', measures: { results: calls.length } },
		...calls.map(({ id }): Entry => ({ ...line, action: 'view_recording', outcome: 'done', recording: id }))
	]);
	return { calls, more: found.length > pageSize };
}

/** The questions to ask: each names what narrows it to an index, so that the rules never walk the register. */
function narrowed(person: Person, whose: Whose, clues: Omit<Clues, 'limit' | 'team'>): Omit<Clues, 'limit'>[] {
	if (whose === 'own') return [{ ...clues, employee: person.id }];
	// All of an employee's calls are in the team in which they are now.
	if (clues.employee) return [clues];
	return person.supervises.filter((team) => team !== '').map((team) => ({ ...clues, team }));
}

/**
 * One call, for the page on which it can be heard; the view is logged first, with the purpose once it is stated. What
 * is not theirs looks like what is not there (`missing`); a training that lacks is told (`refused`). Both are logged.
 */
export async function read(register: Register, seeker: Seeker, id: string, purpose?: Purpose): Promise<Recording> {
	const { person, as } = seeker;
	const recording = await readRecording(as, id).catch(unlessMissing);
	const now = register.now();
	const line = { action: 'view_recording', actor: person.id, recording: id } as const;
	const refuse = async (reason: string): Promise<never> => {
		await register.accessLog.append({ ...line, role: 'unknown', outcome: 'refused', reason });
		const untrained = reason === 'training_missing' || reason === 'training_expired';
		throw untrained ? new Failure('refused', reason) : new Failure('missing', 'not_found');
	};
	const [whose] = mayFind(seeker, now);
	if (!recording) return refuse(whose ? 'no_such_recording' : lacking(person, now));
	// Whoever may hear a call may see it; what it will be heard for is asked on its page.
	const answer = grant({
		listener: { kind: 'staff', person, token: '' },
		recording,
		purpose: purpose ?? 'verify_call',
		now
	});
	if (!answer.granted) return refuse(answer.reason);
	await register.accessLog.append({ ...line, role: answer.role, outcome: 'done', ...(purpose ? { purpose } : {}) });
	return recording;
}

function lacking(person: Person, now: Date): string {
	const reasons = whoses.map((whose) => refusal(person, duties[whose], now));
	return reasons.find((reason) => reason !== 'wrong_role') ?? 'wrong_role';
}

function unlessMissing(fault: unknown): undefined {
	if (isFailure(fault) && (fault.kind === 'missing' || fault.kind === 'refused')) return undefined;
	throw fault;
}
