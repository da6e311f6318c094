import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { newClient, type Client } from '#pocketbase/pocketbase.ts';
import { written } from '#pocketbase/collection.ts';
import { classesOf, classOf } from '#recordings/length.ts';
import type { Listing } from '#recordings/recording.ts';
import { candidates, newest, type Clues } from '#recordings/search.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { askSql, overhear, type Asked } from '../../support/questions.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const base = Math.floor(Date.now() / day) * day - 30 * day;
const from = new Date(base);
const to = new Date(base + 20 * day);
const number = '+35849555123***';
const service = '+358740010199';
const total = 3000;

let house: House;
let asked: Asked;
let agents: Awaited<ReturnType<typeof plant.person>>[];
let supervisor: Awaited<ReturnType<typeof plant.person>>;
let contact: Awaited<ReturnType<typeof plant.person>>;
let teams: string[];
let rows: {
	id: string;
	answered: number;
	durationMs: number;
	employee: string;
	team: string;
	number: string;
	service: string;
}[];

beforeAll(async () => {
	house = await openHouse();
	teams = await Promise.all([1, 2, 3].map(async () => (await plant.team(house)).id));
	agents = [];
	for (const team of teams)
		for (let count = 0; count < 2; count++) agents.push(await plant.person(house, ['agent'], { team }));
	supervisor = await plant.person(house, ['supervisor'], { supervises: teams.slice(0, 2) });
	contact = await plant.person(house, ['contact_person']);
	const [first] = agents;
	if (!first) throw new Error('nobody');
	const sample = await plant.recording(house, first.person, Buffer.from('a call'), {
		answered: written(new Date(base - day))
	});
	rows = multiply(sample.id);
	asked = await overhear(house);
});
afterAll(async () => {
	await asked.stop();
	await house.close();
});

/** Copies one row into many that differ in what is searched by; two of each have the same moment. */
function multiply(sample: string): typeof rows {
	const database = new DatabaseSync(path.join(house.data, 'pocketbase', 'data.db'), { timeout: 10_000 });
	const columns = database
		.prepare('SELECT name FROM pragma_table_info(?)')
		.all('recordings')
		.map(({ name }) => String(name));
	const changed = [
		'id',
		'answered',
		'duration_ms',
		'employee',
		'team',
		'customer_number_masked',
		'service_number',
		'source_key'
	];
	const copy = database.prepare(
		`INSERT INTO recordings (${columns.join(', ')}) SELECT ${columns.map((name) => (changed.includes(name) ? `:${name}` : name)).join(', ')} FROM recordings WHERE id = :sample`
	);
	const made = Array.from({ length: total }, (_, count) => {
		const agent = agents[count % agents.length]?.person;
		return {
			id: `r${String((count * 7919) % total).padStart(14, '0')}`,
			answered: base + Math.floor(count / 2) * 10 * minute,
			durationMs: ((count * 37) % 90) * minute + 5000,
			employee: agent?.id ?? '',
			team: agent?.team ?? '',
			number: count % 50 === 0 ? number : `+3584955500${count % 10}***`,
			service: count % 100 === 0 ? service : '+358740010100'
		};
	});
	database.exec('BEGIN');
	for (const [count, row] of made.entries()) {
		copy.run({
			sample,
			id: row.id,
			answered: written(new Date(row.answered)),
			duration_ms: row.durationMs,
			employee: row.employee,
			team: row.team,
			customer_number_masked: row.number,
			service_number: row.service,
			source_key: String(count).padStart(64, '0')
		});
	}
	database.exec('COMMIT');
	database.close();
	return made;
}

const inOrder = (found: readonly Pick<Listing, 'id' | 'answered'>[]) => found.map(({ id }) => id);
const expected = (which: (row: (typeof rows)[number]) => boolean) =>
	rows
		.filter((row) => row.answered >= from.getTime() && row.answered < to.getTime() && which(row))
		.sort((a, b) => b.answered - a.answered || (a.id < b.id ? 1 : -1))
		.map(({ id }) => id);

describe('searching', () => {
	test('goes from page to page and shows every call once, two of the same moment too', async () => {
		const found: Listing[] = [];
		for (;;) {
			const page = await candidates(contact.as, { from, to, limit: 7, after: found.at(-1), maskedNumber: number });
			found.push(...page);
			if (page.length < 7) break;
		}
		expect(inOrder(found)).toEqual(expected((row) => row.number === number));
		expect(found.length).toBeGreaterThan(50);
	});

	test('finds by length, at the edges of its classes too, and page by page over several of them', async () => {
		const length = { from: 3 * minute + 5000, to: 25 * minute + 5000 };
		const found: Listing[] = [];
		for (;;) {
			const page = await candidates(contact.as, { from, to, length, limit: 50, after: found.at(-1) });
			found.push(...page);
			if (page.length < 50) break;
		}
		const fits = ({ durationMs }: { durationMs: number }): boolean =>
			durationMs >= length.from && durationMs < length.to;
		expect(inOrder(found)).toEqual(expected(fits));
		// Of a team's few days it is one question, whatever the classes.
		const days = { from: new Date(base + 2 * day), to: new Date(base + 9 * day) };
		const ofTeam = await candidates(supervisor.as, { ...days, team: teams[0], length, limit: 500 });
		expect(ofTeam.length).toBeGreaterThan(0);
		expect(inOrder(ofTeam)).toEqual(
			expected((row) => fits(row) && row.team === teams[0] && row.answered >= +days.from && row.answered < +days.to)
		);
	});

	test('shows an agent their own calls and a supervisor their teams’, whatever they ask for', async () => {
		const [own, other] = agents;
		const limit = 500;
		const mine = await candidates(own?.as ?? contact.as, { from, to, employee: own?.person.id, limit });
		expect(inOrder(mine)).toEqual(expected((row) => row.employee === own?.person.id));
		expect(await candidates(own?.as ?? contact.as, { from, to, employee: other?.person.id, limit })).toEqual([]);
		const perTeam = await Promise.all(teams.map((team) => candidates(supervisor.as, { from, to, team, limit })));
		expect(perTeam.map((found) => found.length > 0)).toEqual([true, true, false]);
		expect(inOrder(newest(perTeam, 20))).toEqual(expected((row) => teams.slice(0, 2).includes(row.team)).slice(0, 20));
	});

	test('of a service number and a line walks the calls of both only, one question for each direction', async () => {
		const as = newClient(asked.url);
		as.authStore.save(contact.token);
		const clues = { from, to, serviceNumber: service, line: 'customer_service', limit: 500 } as const;
		const sql = await asked.during(async () => {
			expect(inOrder(await candidates(as, clues))).toEqual(expected((row) => row.service === service));
			expect(await candidates(as, { ...clues, line: 'telesales' })).toEqual([]);
		});
		expect(sql).toHaveLength(4);
		for (const one of sql) {
			const [plan] = await asked.plan(one);
			expect(plan).toContain('idx_recordings_service_kind (service_number=? AND line=? AND direction=? AND answered>');
		}
	});

	test('asks each of many questions for some of a page, and for the rest only whose part may have ended too soon', async () => {
		const as = newClient(asked.url);
		as.authStore.save(contact.token);
		const length = { from: minute, to: 45 * minute };
		const all = expected(({ durationMs }) => durationMs >= length.from && durationMs < length.to);
		const sql = await asked.during(async () => {
			expect(inOrder(await candidates(as, { from, to, length, limit: 20 }))).toEqual(all.slice(0, 20));
		});
		// Of eight classes only the longest have more than a quarter of these calls.
		const limits = sql.map((one) => Number(/LIMIT (\d+)/.exec(one)?.[1]));
		expect(limits.slice(0, 8)).toEqual(Array(8).fill(5));
		expect(limits.slice(8)).toEqual(limits.slice(8).fill(15));
		expect([1, 2, 3]).toContain(limits.length - 8);
		for (const limit of [1, 2, 3, 9, 50, 400]) {
			const found = await candidates(contact.as, { from, to, length, limit });
			expect(inOrder(found), `a page of ${limit}`).toEqual(all.slice(0, limit));
		}
	});

	test('by one thing cannot go through an index by two, once for each value of the other', async () => {
		const plain = (index: string, where: string) =>
			askSql(
				house.superuser,
				`EXPLAIN QUERY PLAN SELECT id FROM recordings INDEXED BY idx_recordings_${index} WHERE ${where}`
			);
		await expect(plain('employee_number', "employee = 'a' AND customer_number_masked = 'b'")).resolves.toBeDefined();
		for (const [index, where] of [
			['employee_number', "customer_number_masked = 'b'"],
			['team_length', 'length_class = 9'],
			['team_service', "service_number = 'b'"],
			['service_kind', "service_number = 'b'"],
			['team_kind', "team = 'a' AND service_number = 'b'"],
			['team_kind', "service_number = 'b' AND line = 'c' AND direction = 'd'"]
		] as const)
			await expect(plain(index, where), index).rejects.toThrow();
	});

	test('gives what a list shows, and not what plays it', async () => {
		const [first] = await candidates(contact.as, { from, to, limit: 1 });
		expect(Object.keys(first ?? {})).not.toEqual(expect.arrayContaining(['peaks']));
		expect(JSON.stringify(first)).not.toMatch(/sealed|sha256|peaks/);
	});

	test('without a result is not held back, however often; PocketBase would, if it knew that one server asks', async () => {
		const as = newClient(asked.url);
		as.authStore.save(contact.token);
		const ours = await asked.saying(async () => {
			for (let count = 0; count < 10; count++) {
				expect(await candidates(as, { from, to, serviceNumber: '+358740010188', limit: 5 })).toEqual([]);
			}
		});
		expect(ours).toContain('+358740010188');
		expect(ours).not.toContain('throttle');
		const bare = await asked.saying(async () => {
			for (let count = 0; count < 10; count++)
				await as.collection('recordings').getList(1, 5, { filter: "id = 'none'" });
		});
		expect(bare).toContain('throttle');
	});
});

describe('the class of a length', () => {
	it('is the same in the database as here, for a call that comes in and for one that changes', async () => {
		for (const seconds of [1, 59, 60, 119, 120, 300, 479, 480, 1199, 1200, 1800, 3599, 3600, 9000]) {
			const row = await plant.recording(house, contact.person, Buffer.from(`a call of ${seconds}`), {
				duration_ms: seconds * 1000,
				answered: written(new Date(base - 2 * day))
			});
			const stored = await house.superuser.collection('recordings').getOne(row.id);
			expect([seconds, stored['length_class']]).toEqual([seconds, classOf(seconds * 1000)]);
			const longer = await house.superuser.collection('recordings').update(row.id, { duration_ms: seconds * 10_000 });
			const changed = await house.superuser.collection('recordings').getOne(longer.id);
			expect(changed['length_class']).toBe(classOf(seconds * 10_000));
		}
	});

	test.each<[Parameters<typeof classesOf>[0], number[] | undefined]>([
		[{}, undefined],
		[{ from: 0 }, undefined],
		[{ to: minute }, [0]],
		[{ from: minute, to: 2 * minute }, [1]],
		[{ from: minute - 1, to: 2 * minute + 1 }, [0, 1, 2]],
		[{ from: 61 * minute }, [9]],
		[{ from: 5 * minute, to: 4 * minute }, []]
	])('of %o: %o', (lengths, classes) => {
		expect(classesOf(lengths)).toEqual(classes);
	});
});

// With the statistics that PocketBase gathers at night, and before it ever has.
describe.each([['with statistics'], ['without statistics']])('the plan, %s', (statistics) => {
	beforeAll(async () => {
		await askSql(house.superuser, statistics === 'with statistics' ? 'ANALYZE' : 'DELETE FROM sqlite_stat1');
		if (statistics === 'without statistics')
			await askSql(house.superuser, 'DELETE FROM sqlite_stat4').catch(() => undefined);
		await askSql(house.superuser, 'ANALYZE sqlite_schema');
	});

	const window = { from, to, limit: 51 };
	const own = { direction: 'made', line: 'telesales' } as const;
	const long = { from: 61 * minute };
	const page = { after: { answered: new Date(base + 5 * day), id: 'r00000000000001' } };
	const questions: [string, 'contact' | 'agent' | 'supervisor', Partial<Clues>, RegExp][] = [
		['a window of time', 'contact', {}, /idx_recordings_answered \(answered>\? AND answered<\?\)/],
		['direction and line', 'contact', own, /idx_recordings_answered \(answered>\? AND answered<\?\)/],
		[
			'a masked number',
			'contact',
			{ maskedNumber: number },
			/idx_recordings_number \(customer_number_masked=\? AND answered>/
		],
		['an employee', 'contact', { employee: 'self' }, /idx_recordings_employee \(employee=\? AND answered>/],
		[
			'a service number',
			'contact',
			{ serviceNumber: service },
			/idx_recordings_service \(service_number=\? AND answered>/
		],
		[
			'several lengths within a week',
			'contact',
			{ length: { from: 10 * minute, to: 20 * minute }, from: new Date(base), to: new Date(base + 8 * day) },
			/idx_recordings_answered \(answered>\? AND answered<\?\)/
		],
		['a length', 'contact', { length: long }, /idx_recordings_length \(length_class=\? AND answered>/],
		[
			'everything',
			'contact',
			{ ...own, maskedNumber: number, employee: 'self', serviceNumber: service, length: long },
			/=\? AND answered>/
		],
		['own calls', 'agent', { employee: 'self' }, /idx_recordings_employee \(employee=\? AND answered>/],
		[
			'own calls of a length',
			'agent',
			{ employee: 'self', length: long },
			/idx_recordings_(employee|length) \(\w+=\? AND answered>/
		],
		[
			'own calls of a number',
			'agent',
			{ employee: 'self', maskedNumber: number },
			/idx_recordings_employee_number \(employee=\? AND customer_number_masked=\? AND answered>/
		],
		[
			'own calls of everything',
			'agent',
			{ ...own, employee: 'self', serviceNumber: service, length: long },
			/=\? AND answered>/
		],
		["a team's calls", 'supervisor', { team: 'team' }, /idx_recordings_team \(team=\? AND answered>/],
		[
			"a team's calls of a number",
			'supervisor',
			{ team: 'team', maskedNumber: number },
			/idx_recordings_(team|number) \(\w+=\? AND answered>/
		],
		[
			"a subordinate's calls",
			'supervisor',
			{ employee: 'self' },
			/idx_recordings_employee \(employee=\? AND answered>/
		],
		[
			"a team's calls of a length",
			'supervisor',
			{ team: 'team', length: long },
			/idx_recordings_(team|length|team_length) \((\w+=\? AND )+answered>/
		],
		[
			"a team's calls of several lengths within two weeks",
			'supervisor',
			{
				team: 'team',
				length: { from: 3 * minute, to: 25 * minute },
				from: new Date(base),
				to: new Date(base + 14 * day)
			},
			/idx_recordings_team \(team=\? AND answered>/
		],
		[
			"a team's calls of a service number",
			'supervisor',
			{ team: 'team', serviceNumber: service },
			/idx_recordings_(team|service|team_service) \((\w+=\? AND )+answered>/
		],
		[
			"a team's calls of a service number, a line and a direction",
			'supervisor',
			{ direction: 'received', line: 'customer_service', team: 'team', serviceNumber: '+358740010100' },
			// Before it knows how many there are of each, one is as good as the other to it.
			statistics === 'with statistics'
				? /idx_recordings_team_kind \(team=\? AND service_number=\? AND line=\? AND direction=\? AND answered>/
				: /idx_recordings_(team|service)_kind \((\w+=\? AND )+answered>/
		]
	];

	describe.each([
		['the first page', {}],
		['a later page', page]
	])('of %s', (_, more) => {
		test.each(questions)('by %s, as %s', async (_name, role, { team, employee, ...clues }, index) => {
			const who = { contact, agent: agents[0] ?? contact, supervisor }[role];
			const as: Client = newClient(asked.url);
			as.authStore.save(who.token);
			const sql = await asked.during(() =>
				candidates(as, {
					...window,
					...more,
					...clues,
					team: team && teams[0],
					employee: employee && agents[0]?.person.id
				})
			);
			expect(sql).toHaveLength(1);
			// The rule is in it: this is what the second wall costs too.
			expect(sql[0]).toContain('trained_until');
			const plan = (await asked.plan(sql[0] ?? '')).filter((step) => !/^USE TEMP B-TREE FOR DISTINCT$/.test(step));
			expect(plan[0]).toMatch(index);
			expect(plan[0]).toMatch(/^SEARCH recordings USING INDEX/);
			// Nothing is sorted: the index gives the order, and the walk ends with the page.
			expect(plan.filter((step) => /SCAN|TEMP B-TREE/.test(step))).toEqual([]);
		});
	});
});
