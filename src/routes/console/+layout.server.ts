import { alarms } from '#health.ts';
import { whoIs } from '#staff/sign-in.ts';
import { answered } from '../guard.ts';
import type { LayoutServerLoad } from './$types';

/** Who is signed in, for the top of every console page; each page guards itself. */
export const load: LayoutServerLoad = ({ locals: { register, session } }) =>
	answered(async () => {
		const person = session && (await whoIs(register, session));
		const minds = person?.roles.some((role) => ['contact_person', 'maintainer', 'auditor'].includes(role));
		return {
			alarms: minds ? alarms(register) : [],
			demo: register.demo,
			person: person && { name: person.name, roles: person.roles, trainedUntil: person.trainedUntil }
		};
	});
