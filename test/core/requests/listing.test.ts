import { afterAll, beforeAll, expect, test } from 'vitest';
import { newClient } from '#pocketbase/pocketbase.ts';
import { likely } from '#requests/duplicates.ts';
import * as listing from '#requests/listing.ts';
import * as requests from '#requests/request.ts';
import { openHouse, type House } from '../../support/house.ts';
import { multiplyRequests } from '../../support/many-requests.ts';
import * as plant from '../../support/plant.ts';
import { overhear, type Asked } from '../../support/questions.ts';

// 5,000 requests, open and closed: the list walks indexes, and its pages hold every request once.

const total = 5000;
let house: House;
let asked: Asked;
let contact: Awaited<ReturnType<typeof plant.person>>;
/** The same person, at the PocketBase that says what it asks. */
let overheard: requests.Desk;

beforeAll(async () => {
	house = await openHouse();
	contact = await plant.person(house, ['contact_person']);
	multiplyRequests(house.data, (await plant.request(house, contact.person.id)).id, total);
	asked = await overhear(house);
	const as = newClient(asked.url);
	as.authStore.save(contact.token);
	overheard = { person: contact.person, as };
}, 120_000);
afterAll(async () => {
	await asked.stop();
	await house.close();
});

test('the pages of the open ones hold each once, the next due first, and the closed ones each once, the last first', async () => {
	const dues: number[] = [];
	const ids = new Set<string>();
	for (let page = 1; ; page++) {
		const { requests: some, more } = await listing.open(house.register, contact, { page });
		for (const { id, due } of some) {
			ids.add(id);
			dues.push(due.getTime());
		}
		if (!more) break;
	}
	expect(ids.size).toBe(501);
	expect(dues).toEqual([...dues].sort((a, b) => a - b));

	const closed = new Set<string>();
	for (let before: Date | undefined; ;) {
		const { requests: some, more } = await listing.closed(house.register, contact, { before });
		for (const { id } of some) closed.add(id);
		if (!more) break;
		before = some.at(-1)?.closed;
	}
	expect(closed.size).toBe(4499);
});

test('every question of the list walks an index, rules and all, and none sorts or walks the whole table', async () => {
	const walks: [string, () => Promise<unknown>, RegExp][] = [
		['the first page of the open ones', () => listing.open(house.register, overheard), /idx_requests_state/],
		[
			'the tenth page of the open ones',
			() => listing.open(house.register, overheard, { page: 10 }),
			/idx_requests_state/
		],
		['the closed ones', () => listing.closed(house.register, overheard), /idx_requests_closed/],
		[
			'likely duplicates',
			async () =>
				likely(house.register, overheard, await requests.requests(contact.as).one(`r${'0'.padStart(14, '0')}`)),
			/idx_requests_alike/
		]
	];
	for (const [name, work, index] of walks) {
		const questions = (await asked.during(work, 'requests')).filter((sql) => !sql.includes('LIMIT 1)'));
		expect([name, questions.length > 0]).toEqual([name, true]);
		for (const sql of questions) {
			const plan = await asked.plan(sql);
			const own = plan.filter((step) => /\brequests\b/.test(step));
			expect([name, own.length > 0]).toEqual([name, true]);
			for (const step of own) expect([name, step]).toEqual([name, expect.stringMatching(index)]);
			expect([name, sql, plan.filter((step) => step.includes('FOR ORDER BY'))]).toEqual([name, sql, []]);
		}
	}
});
