import type { Client } from '#pocketbase/pocketbase.ts';
import type { Role } from '#staff/person.ts';

/** The password of the people of the browser tests. */
export const password = 'a password of the tests';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** One office that never closes, one team, and a person for every role, all trained. */
export async function furnish(superuser: Client): Promise<void> {
	const office = await superuser.collection('offices').create({
		name: 'Keskustan toimipiste',
		address: 'Mallikatu 1, 00000 Mallila',
		opening_hours: Object.fromEntries(weekdays.map((day) => [day, [['00:00', '24:00']]])),
		exceptions: {},
		slot_minutes: 30
	});
	const team = await superuser.collection('teams').create({ name: 'Pakettineuvonta' });
	const people: [string, string, Role, Record<string, unknown>][] = [
		['contact', 'Kaisa Koivuranta', 'contact_person', { offices: [office.id] }],
		['agent', 'Aapo Aarnisalo', 'agent', { team: team.id }],
		['supervisor', 'Sirkka Selänniemi', 'supervisor', { supervises: [team.id] }],
		['maintainer', 'Matias Mäntyharju', 'maintainer', {}],
		['auditor', 'Auli Aavasaari', 'auditor', {}]
	];
	for (const [signInName, name, role, more] of people) {
		const { id } = await superuser.collection('staff').create({
			sign_in_name: signInName,
			name,
			active: true,
			roles: [role],
			password,
			passwordConfirm: password,
			...more
		});
		for (const course of ['system_use', 'confidentiality']) {
			await superuser.collection('trainings').create({
				person: id,
				course,
				completed: '2026-01-12 10:00:00.000Z',
				valid_until: new Date(Date.now() + 365 * 24 * 3600_000).toISOString()
			});
		}
	}
}

/** Signs one of them in as a browser does; gives the cookie of their session. */
export async function sessionOf(origin: string, name: string): Promise<string> {
	const answer = await fetch(`${origin}/console/sign-in`, {
		method: 'POST',
		redirect: 'manual',
		headers: { Origin: origin, 'Sec-Fetch-Site': 'same-origin', Accept: 'text/html' },
		body: new URLSearchParams({ name, password })
	});
	await answer.arrayBuffer();
	const session = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('__Host-session='));
	if (!session) throw new Error(`${name} cannot sign in: ${answer.status}`);
	return session.split(';')[0] ?? '';
}
