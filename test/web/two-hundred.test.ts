import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { people, type Person } from '#staff/person.ts';
import { serveHouse, type Served } from '../support/pages.ts';
import * as plant from '../support/plant.ts';

// Many at once: each sees and hears their own, whatever the others do in the same moment.

const many = 200;
interface One {
	person: Person;
	cookie: string;
	call: string;
	/** Stands in their call's data, and nowhere else. */
	service: string;
	sound: string;
}
let served: Served;
let all: One[];

beforeAll(async () => {
	served = await serveHouse();
	const { house } = served;
	const team = await plant.team(house);
	const { person } = await plant.person(house, ['agent'], { team: team.id });
	all = [];
	for (const [count, id] of multiply(person.id).entries()) {
		const own = await people(house.superuser).one(id);
		const service = `+35874${String(count).padStart(4, '0')}77`;
		const sound = `the sound of ${id}`;
		const call = await plant.recording(house, own, Buffer.from(sound), { service_number: service });
		const { authStore } = await house.superuser.collection('staff').impersonate(id, 3600);
		const cookie = served.session({ person: own, token: authStore.token });
		all.push({ person: own, cookie, call: call.id, service, sound });
	}
}, 300_000);
afterAll(() => served.close());

/** Copies a person into many, each with a name and a token's key of their own: signing up so many costs minutes. */
function multiply(sample: string): string[] {
	const database = new DatabaseSync(path.join(served.house.data, 'pocketbase', 'data.db'), { timeout: 10_000 });
	const columns = database
		.prepare('SELECT name FROM pragma_table_info(?)')
		.all('staff')
		.map(({ name }) => String(name));
	const changed = ['id', 'tokenKey', 'sign_in_name', 'name'];
	const copy = database.prepare(
		`INSERT INTO staff (${columns.join(', ')}) SELECT ${columns.map((name) => (changed.includes(name) ? `:${name}` : name)).join(', ')} FROM staff WHERE id = :sample`
	);
	const ids = Array.from({ length: many }, (_, count) => `p${String(count).padStart(14, '0')}`);
	database.exec('BEGIN');
	for (const id of ids) copy.run({ sample, id, tokenKey: id.repeat(3), sign_in_name: id, name: `Person ${id}` });
	database.exec('COMMIT');
	database.close();
	return ids;
}

test('200 people at once get 0 answers that belong to someone else', { timeout: 300_000 }, async () => {
	const { ask, house } = served;
	let answers = 0;
	const foreign: string[] = [];
	const look = (one: One, text: string, wanted: RegExp | string): void => {
		answers++;
		expect(text).toMatch(wanted);
		// Anything that belongs to another: their name, their call, its number, its sound.
		const others = all.filter((other) => other !== one);
		const seen = others.filter(
			({ person, call, service, sound }) =>
				text.includes(person.name) || text.includes(call) || text.includes(service) || text.includes(sound)
		);
		foreign.push(...seen.map(({ person }) => `${one.person.id} got what is ${person.id}'s`));
	};
	await Promise.all(
		all.map(async (one, index) => {
			const next = all[(index + 1) % all.length] ?? one;
			const list = await ask('/console/recordings?from=2020-01-01&to=2099-12-31', one.cookie);
			look(one, list.text, one.service);
			const page = await ask(`/console/recordings/${one.call}`, one.cookie);
			look(one, page.text, one.service);
			house.register.listenings.state(one.person.id, one.call, 'verify_call');
			const sound = await ask(`/audio/${one.call}`, one.cookie);
			look(one, sound.text, one.sound);
			house.register.listenings.state(one.person.id, next.call, 'verify_call');
			const others = await ask(`/audio/${next.call}`, one.cookie);
			expect(others).toEqual({ status: 404, text: '' });
			expect((await ask(`/console/recordings/${next.call}`, one.cookie)).status).toBe(404);
			answers += 2;
		})
	);
	await house.register.listenings.end(house.register, {}, 'left_player');
	process.stdout.write(`   ${answers} answers to ${many} people at once, ${foreign.length} of someone else\n`);
	expect(foreign).toEqual([]);
	expect(answers).toBe(many * 5);
	// Each listening is in the log under the one who listened.
	const begun = await house.register.accessLog.read({ limit: 1000, where: { action: 'listen_begin' } });
	expect(begun).toHaveLength(many);
	for (const one of all) expect(begun.find(({ recording }) => recording === one.call)?.actor).toBe(one.person.id);
});
