import { furnish } from '../support/people.ts';
import { multiplyRequests } from '../support/many-requests.ts';
import * as plant from '../support/plant.ts';
import { serve } from '../support/serving.ts';
import { addDesks, ask, signInDesks } from './pages/desks.ts';
import { at, tell } from './whole/figure.ts';

// The list of requests of a desk that has had 5,000, asked for by ten people at once, beside the console's bare first
// page asked for in the same way: the whole answer, from the built server in its own process.
// `npm run bench -- requests [requests] [people] [rounds]`

const [total = 5000, people = 10, rounds = 40] = process.argv.slice(2).map(Number);

const serving = await serve(async (superuser) => {
	await furnish(superuser);
	await addDesks(superuser, people, ['contact_person']);
});
try {
	const superuser = await serving.superuser();
	const contact = await superuser.collection('staff').getFirstListItem("sign_in_name = 'contact'");
	multiplyRequests(serving.data, (await plant.request({ superuser }, contact.id)).id, total);
	const cookies = await signInDesks(serving, people);
	const measure = (address: string): Promise<number[]> => ask(`${serving.origin}${address}`, cookies, rounds);
	await measure('/console');
	const pages: [string, string][] = [
		['the open ones', '/console/requests'],
		['their last page', `/console/requests?page=${Math.ceil(total / 10 / 50)}`],
		['the closed ones', '/console/requests?show=closed']
	];
	const rows = [];
	for (const [page, address] of pages) {
		const [took, bare] = [await measure(address), await measure('/console')];
		const figure = at(took, 0.5) / at(bare, 0.5);
		tell({ what: `${page} of ${total} requests, ${people} people, beside a bare page`, figure });
		rows.push({
			page,
			asked: took.length,
			'p50, ms': at(took, 0.5).toFixed(0),
			'p99, ms': at(took, 0.99).toFixed(0),
			'bare page p50, ms': at(bare, 0.5).toFixed(0),
			'ratio of p50': figure.toFixed(2)
		});
	}
	console.log(`${total} requests, ${people} people at once`);
	console.table(rows);
} finally {
	await serving.remove();
}
