import type { Client } from '#pocketbase/pocketbase.ts';
import type { Role } from '#staff/person.ts';
import { password, sessionOf } from '../../support/people.ts';
import type { Serving } from '../../support/serving.ts';

const name = (one: number): string => `desk${one}`;

/** Adds so many trained people with these roles to a furnished register. */
export async function addDesks(superuser: Client, people: number, roles: Role[]): Promise<void> {
	const [office] = await superuser.collection('offices').getFullList();
	for (let one = 0; one < people; one++) {
		const person = { sign_in_name: name(one), name: `Desk ${one}`, active: true, roles };
		const { id } = await superuser
			.collection('staff')
			.create({ ...person, offices: [office?.id], password, passwordConfirm: password });
		for (const course of ['system_use', 'confidentiality']) {
			const valid = new Date(Date.now() + 365 * 24 * 3600_000).toISOString();
			await superuser.collection('trainings').create({ person: id, course, completed: valid, valid_until: valid });
		}
	}
}

/** Signs them in; gives the cookie of each one's session. */
export async function signInDesks({ origin }: Pick<Serving, 'origin'>, people: number): Promise<string[]> {
	const cookies: string[] = [];
	for (let one = 0; one < people; one++) {
		cookies.push(await sessionOf(origin, name(one)));
	}
	return cookies;
}

/** How long each whole answer took, in ms: everybody asks again as soon as they have theirs, so many times. */
export async function ask(address: string, cookies: readonly string[], rounds: number): Promise<number[]> {
	const perPerson = await Promise.all(
		cookies.map(async (cookie) => {
			const took: number[] = [];
			for (let round = 0; round < rounds; round++) {
				const began = performance.now();
				const answer = await fetch(address, { headers: { Cookie: cookie } });
				await answer.text();
				if (answer.status !== 200) throw new Error(`${address}: ${answer.status}`);
				took.push(performance.now() - began);
			}
			return took;
		})
	);
	return perPerson.flat();
}
