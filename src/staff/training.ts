import * as v from 'valibot';
import { Failure } from '#failures.ts';
import { collection, knownInstant, newId, written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import { refusal } from './duty.ts';
import { people, type Person } from './person.ts';
import { courses, endsOf, needsTraining, type Course } from './training-state.ts';

const Row = v.pipe(
	v.object({
		id: v.string(),
		person: v.string(),
		course: v.picklist(courses),
		completed: knownInstant,
		valid_until: knownInstant,
		recorded_by: v.string()
	}),
	v.transform(({ id, person, course, completed, valid_until, recorded_by }) => ({
		id,
		person,
		course,
		completed,
		/** The first moment at which it does not hold any more. */
		validUntil: valid_until,
		recordedBy: recorded_by
	}))
);

interface Trainer {
	person: Person;
	as: Client;
}

/** A person's completed courses, the newest first. */
export function completions(as: Client, person: string) {
	const question = { filter: 'person = {:person}', params: { person }, sort: '-completed', limit: 200 };
	return collection(as, 'trainings', Row).list(question);
}

/** The end of each of a person's courses. */
export async function endsFor(as: Client, person: string): Promise<Record<Course, Date | undefined>> {
	return endsOf(await completions(as, person));
}

/** Those whose training one looks after: everybody's by a maintainer, by a supervisor that of their teams; soonest first. */
export async function lookedAfter({ person, as }: Trainer): Promise<Person[]> {
	const all = await people(as).list({ filter: 'active = true', sort: 'trained_until,name', limit: 5000 });
	const theirs = (other: Person): boolean => person.roles.includes('maintainer') || isSubordinate(person, other);
	return all.filter((other) => theirs(other) && needsTraining(other));
}

/**
 * Why somebody may not record a course of another, or see when those end, as a reason for the log: a maintainer may for
 * anybody, a supervisor for those in their teams, nobody for themselves. `trained` is undefined when the database does
 * not show them that person.
 */
export function whyNotTrain(by: Person, trained: Person | undefined, now: Date): string | undefined {
	if (by.id === trained?.id) return 'own_record';
	if (!refusal(by, 'train_anyone', now)) return undefined;
	return refusal(by, 'train_team', now) ?? (trained && isSubordinate(by, trained) ? undefined : 'not_subordinate');
}

/** A person and their completed courses, for that person and whoever looks after these; else as `record` refuses. */
export async function of(register: Register, { person: by, as }: Trainer, id: string) {
	const person = id === by.id ? by : await mustTrain(register, { person: by, as }, id);
	return { person, completions: await completions(as, id) };
}

/**
 * Records a completed course: a maintainer for anybody, a supervisor for those in their teams, nobody for themselves.
 * Refuses, in the log too, with `own_record`, `not_subordinate` or `wrong_role`, whom the database does not show to them
 * as `missing`; with `invalid: training_dates` when it would end before it was completed, or is to be completed yet.
 */
export async function record(
	register: Register,
	{ person: by, as }: Trainer,
	given: { person: string; course: Course; completed: Date; validUntil: Date }
): Promise<void> {
	await mustTrain(register, { person: by, as }, given.person);
	if (given.completed > register.now() || given.validUntil <= given.completed) {
		throw new Failure('invalid', 'training_dates', { field: 'validUntil' });
	}
	const measures = { valid_until: number(given.validUntil) };
	await register.accessLog.append({
		...line(register, by, given.person),
		outcome: 'done',
		reason: given.course,
		measures
	});
	await collection(as, 'trainings', Row).create({
		id: newId(),
		person: given.person,
		course: given.course,
		completed: written(given.completed),
		valid_until: written(given.validUntil),
		recorded_by: by.id
	});
}

async function mustTrain(register: Register, { person: by, as }: Trainer, id: string): Promise<Person> {
	const trained = await people(as).first({ filter: 'id = {:id}', params: { id } });
	const reason = whyNotTrain(by, trained, register.now());
	if (reason) await register.accessLog.append({ ...line(register, by, trained?.id), outcome: 'refused', reason });
	// What they may not see they may not know of.
	if (!trained) throw new Failure('missing', 'not_found');
	if (reason) throw new Failure('refused', reason);
	return trained;
}

function line(register: Register, by: Person, person: string | undefined) {
	const role = refusal(by, 'train_anyone', register.now()) ? 'supervisor' : 'maintainer';
	return { action: 'record_training', actor: by.id, role, purpose: 'administration', person } as const;
}

function isSubordinate(supervisor: Person, other: Person): boolean {
	return other.id !== supervisor.id && other.team !== '' && supervisor.supervises.includes(other.team);
}

/** A day of Helsinki's calendar as YYYYMMDD; of an end, the last day before it. */
function number(end: Date): number {
	const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Helsinki' }).format(new Date(end.getTime() - 1));
	return Number(day.replaceAll('-', ''));
}
