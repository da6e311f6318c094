import { alarms } from '#health.ts';
import type { Register } from '#register.server.ts';
import { isTrained } from '#staff/person.ts';
import type { Session } from '#staff/session.ts';
import { whoIs } from '#staff/sign-in.ts';
import { endsFor } from '#staff/training.ts';
import { courses, daysLeft, needsTraining, stateOf } from '#staff/training-state.ts';
import { answered } from '../guard.ts';
import type { LayoutServerLoad } from './$types';

/** Who is signed in, for the top of every console page; each page guards itself. */
export const load: LayoutServerLoad = ({ locals: { register, session } }) =>
	answered(async () => {
		const person = session && (await whoIs(register, session));
		const minds = person?.roles.some((role) => ['contact_person', 'maintainer', 'auditor'].includes(role));
		const now = register.now();
		const minded = person && needsTraining(person);
		const until = person?.trainedUntil;
		return {
			/** What the person is told of their training beforehand, and at the gate. */
			training: minded && until ? { state: stateOf(until, now), days: daysLeft(until, now) } : undefined,
			courses: session && minded && !isTrained(person, now) ? await coursesOf(register, session, now) : [],
			alarms: minds ? alarms(register) : [],
			demo: register.demo,
			person: person && { name: person.name, roles: person.roles, trainedUntil: person.trainedUntil }
		};
	});

async function coursesOf(register: Register, { person, token }: Session, now: Date) {
	const ends = await endsFor(register.pocketbase.as(token), person);
	return courses.map((course) => ({ course, state: stateOf(ends[course], now) }));
}
