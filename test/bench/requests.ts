import { furnish, password } from '../support/people.ts';
import { multiplyRequests } from '../support/many-requests.ts';
import * as plant from '../support/plant.ts';
import { serve } from '../support/serving.ts';
import { at, tell } from './whole/figure.ts';

// The list of requests of a desk that has had 5,000, asked for by ten people at once, beside the console's bare first
// page asked for in the same way: the whole answer, from the built server in its own process.
// `npm run bench -- requests [requests] [people] [rounds]`

const [total = 5000, people = 10, rounds = 40] = process.argv.slice(2).map(Number);
const name = (one: number): string => `desk${one}`;

const serving = await serve(async (superuser) => {
	await furnish(superuser);
	const [office] = await superuser.collection('offices').getFullList();
	for (let one = 0; one < people; one++) {
		const person = { sign_in_name: name(one), name: `Desk ${one}`, active: true, roles: ['contact_person'] };
		const { id } = await superuser
			.collection('staff')
			.create({ ...person, offices: [office?.id], password, passwordConfirm: password });
		for (const course of ['system_use', 'confidentiality']) {
			const valid = new Date(Date.now() + 365 * 24 * 3600_000).toISOString();
			await superuser.collection('trainings').create({ person: id, course, completed: valid, valid_until: valid });
		}
	}
});
try {
	const superuser = await serving.superuser();
	const contact = await superuser.collection('staff').getFirstListItem("sign_in_name = 'contact'");
	multiplyRequests(serving.data, (await plant.request({ superuser }, contact.id)).id, total);
	const cookies: string[] = [];
	for (let one = 0; one < people; one++) cookies.push(await signIn(name(one)));
	await measure('/console', cookies);
	const pages: [string, string][] = [
		['the open ones', '/console/requests'],
		['their last page', `/console/requests?page=${Math.ceil(total / 10 / 50)}`],
		['the closed ones', '/console/requests?show=closed']
	];
	const rows = [];
	for (const [page, address] of pages) {
		const [took, bare] = [await measure(address, cookies), await measure('/console', cookies)];
		tell({
			what: `${page} of ${total} requests, ${people} people, beside a bare page`,
			figure: at(took, 0.5) / at(bare, 0.5)
		});
		rows.push({
			page,
			asked: took.length,
			'p50, ms': at(took, 0.5).toFixed(0),
			'p99, ms': at(took, 0.99).toFixed(0),
			'bare page p50, ms': at(bare, 0.5).toFixed(0),
			'ratio of p50': (at(took, 0.5) / at(bare, 0.5)).toFixed(2)
		});
	}
	console.log(`${total} requests, ${people} people at once`);
	console.table(rows);
} finally {
	await serving.remove();
}

async function signIn(who: string): Promise<string> {
	const answer = await fetch(`${serving.origin}/console/sign-in`, {
		method: 'POST',
		redirect: 'manual',
		headers: { Origin: serving.origin, 'Sec-Fetch-Site': 'same-origin', 'User-Agent': 'bench' },
		body: new URLSearchParams({ name: who, password })
	});
	const session = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('__Host-session='));
	if (!session) throw new Error(`${who} cannot sign in: ${answer.status}`);
	return session.split(';')[0] ?? '';
}

/** How long each of the answers took, in ms: everybody asks again as soon as they have theirs. */
async function measure(address: string, cookies: string[]): Promise<number[]> {
	const perPerson = await Promise.all(
		cookies.map(async (cookie) => {
			const took: number[] = [];
			for (let round = 0; round < rounds; round++) {
				const began = performance.now();
				const answer = await fetch(`${serving.origin}${address}`, { headers: { Cookie: cookie } });
				await answer.text();
				if (answer.status !== 200) throw new Error(`${address}: ${answer.status}`);
				took.push(performance.now() - began);
			}
			return took;
		})
	);
	return perPerson.flat();
}
