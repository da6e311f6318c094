import type { RecordModel } from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId, written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { whyNotTrain } from '#staff/training.ts';
import { whyNotKeepUp } from '#staff/upkeep.ts';
import { copyOf, setStage, took, type Actor, type Stage } from '../support/actors.ts';
import * as matrix from '../support/matrix.ts';
import { serveHouse, type Served } from '../support/pages.ts';
import * as plant from '../support/plant.ts';

// The matrix of who changes people, training, teams, offices and kiosks. Each refusal leaves things as they were, and is
// in the log where our server heard of it.

let served: Served;
let stage: Stage;
let cells = 0;
beforeAll(async () => {
	served = await serveHouse();
	stage = await setStage(served.house);
});
afterAll(async () => {
	process.stdout.write(`   ${cells} cells of the matrix of changes agree\n`);
	await served.close();
});

/** One change, as a form of the console and as a question to PocketBase, and what shows whether it happened. */
interface Attempt {
	address: string;
	form: Record<string, string>;
	inDatabase?: (as: Client) => Promise<unknown>;
	shows: () => Promise<unknown>;
}

const lastRefusal = async (): Promise<number> =>
	(await served.house.register.accessLog.read({ limit: 1, where: { outcome: 'refused' } }))[0]?.sequence ?? 0;
const rowOf = (collection: string, id: string): Promise<RecordModel> =>
	served.house.superuser.collection(collection).getOne(id);
const number = async (collection: string): Promise<number> =>
	(await served.house.superuser.collection(collection).getList(1, 1)).totalItems;

describe.each(matrix.changers)('$role, training $training, active $active', (someone) => {
	let actor: Actor;
	beforeAll(async () => {
		actor = await stage.actor(someone);
	});

	test.for(Object.keys(matrix.records) as matrix.RecordChange[])('%s', async (change) => {
		const whose: Partial<Record<string, readonly matrix.Whose[]>> = matrix.records[change];
		for (const one of matrix.whose) {
			const may = someone.active && (whose[someone.role] ?? []).includes(one);
			const about = await rowOf('staff', one === 'own' ? actor.person.id : stage.agents[one].id);
			const now = served.house.register.now();
			const reason =
				change === 'record_training'
					? whyNotTrain(actor.person, await plant.read(served.house, about.id), now)
					: whyNotKeepUp(actor.person, now, about.id);
			expect(reason === undefined, `${one}: function, ${reason}`).toBe(may);
			await tryOut(ofRecord(change, actor, about), actor, may, one);
		}
	});

	test('the rest of the house', async () => {
		for (const change of Object.keys(matrix.house) as matrix.HouseChange[]) {
			const may = someone.active && matrix.house[change] === someone.role;
			const reason = whyNotKeepUp(actor.person, served.house.register.now());
			expect(reason === undefined, `${change}: function, ${reason}`).toBe(may);
			await tryOut(await ofHouse(change, actor), actor, may, change);
		}
	});
});

async function tryOut({ address, form, inDatabase, shows }: Attempt, actor: Actor, may: boolean, cell: string) {
	if (inDatabase) {
		const before = await shows();
		expect(await took(inDatabase(actor.as)), `${cell}: database`).toBe(may);
		expect(before !== (await shows()), `${cell}: done by the database`).toBe(may);
	}
	const before = await shows();
	const refusal = await lastRefusal();
	const answer = await served.send(address, served.session(actor), form);
	// Whoever is not active is sent to sign in, like anybody who has not.
	const done = answer.status === 200 || (answer.status === 303 && !answer.to?.includes('sign-in'));
	expect(done, `${cell}: server, ${answer.status}`).toBe(may);
	expect(before !== (await shows()), `${cell}: done by the server`).toBe(may);
	if (!may && actor.person.active) expect(await lastRefusal(), `${cell}: log`).toBeGreaterThan(refusal);
	cells++;
}

function ofRecord(change: matrix.RecordChange, { person: by }: Actor, about: RecordModel): Attempt {
	const { id } = about;
	const name = newId();
	const until = `20${27 + (cells % 60)}-01-12`;
	const theirs = served.house.superuser.filter('person = {:id}', { id });
	const attempts: Record<matrix.RecordChange, Attempt> = {
		change_person: {
			address: `/console/people/${id}/change`,
			form: { name, team: about['team'], active: 'yes', roles: 'agent' },
			inDatabase: (as) => as.collection('staff').update(id, { name: `${name} too` }),
			shows: async () => (await rowOf('staff', id))['name']
		},
		give_password: {
			address: `/console/people/${id}?/password`,
			form: {},
			inDatabase: (as) =>
				as.collection('staff').update(id, {
					password: plant.password,
					passwordConfirm: plant.password,
					one_time_until: written(new Date())
				}),
			shows: async () => (await rowOf('staff', id))['one_time_until']
		},
		record_training: {
			address: `/console/training/${id}`,
			form: { course: 'system_use', completed: '2026-01-12', validUntil: until },
			inDatabase: (as) =>
				as.collection('trainings').create({
					person: id,
					course: 'system_use',
					completed: '2026-01-12 00:00:00.000Z',
					valid_until: `${until} 00:00:00.000Z`,
					recorded_by: by.id
				}),
			shows: async () =>
				(await served.house.superuser.collection('trainings').getList(1, 1, { filter: theirs })).totalItems
		}
	};
	return attempts[change];
}

async function ofHouse(change: matrix.HouseChange, { person: by }: Actor): Promise<Attempt> {
	const { house } = served;
	const { offices, team } = stage;
	const name = newId();
	const kiosk = await plant.kiosk(house, offices.theirs.id, stage.agents.team.id);
	const office = { name, address: 'Mallikatu 2', slot_minutes: '60' };
	const attempts: Record<matrix.HouseChange, Attempt> = {
		add_person: {
			address: '/console/people/new',
			form: { sign_in_name: name, name, team: '', roles: 'agent' },
			inDatabase: (as) =>
				as.collection('staff').create({
					...{ sign_in_name: `${name}.too`, name, active: true, roles: ['maintainer'] },
					...{ password: plant.password, passwordConfirm: plant.password }
				}),
			shows: () => number('staff')
		},
		import_people: {
			address: '/console/people/import',
			form: { run: 'import', text: `sign_in_name,name,roles,team,supervises,offices\n${name},${name},agent,,,` },
			shows: () => number('staff')
		},
		add_team: {
			address: '/console/teams?/add',
			form: { name },
			inDatabase: (as) => as.collection('teams').create({ name: `${name} too` }),
			shows: () => number('teams')
		},
		rename_team: {
			address: '/console/teams?/rename',
			form: { team: team.id, name },
			inDatabase: (as) => as.collection('teams').update(team.id, { name: `${name} too` }),
			shows: async () => (await rowOf('teams', team.id))['name']
		},
		add_office: {
			address: '/console/offices/new',
			form: office,
			inDatabase: (as) => as.collection('offices').create({ ...copyOf(offices.another), name: `${name} too` }),
			shows: () => number('offices')
		},
		change_office: {
			address: `/console/offices/${offices.another.id}`,
			form: office,
			inDatabase: (as) => as.collection('offices').update(offices.another.id, { name: `${name} too` }),
			shows: async () => (await rowOf('offices', offices.another.id))['name']
		},
		pair_kiosk: {
			address: '/console/kiosks?/pair',
			form: { code: house.register.pairings.begin(house.register.now()).code, name, office: offices.another.id },
			inDatabase: (as) =>
				as.collection('kiosks').create({
					...copyOf(kiosk),
					device_hash: newId().slice(1).padEnd(64, '0'),
					paired_by: by.id
				}),
			shows: () => number('kiosks')
		},
		change_kiosk: {
			address: '/console/kiosks?/change',
			form: { kiosk: kiosk.id, name, office: offices.theirs.id },
			inDatabase: (as) => as.collection('kiosks').update(kiosk.id, { name: `${name} too` }),
			shows: async () => (await rowOf('kiosks', kiosk.id))['name']
		},
		revoke_kiosk: {
			address: '/console/kiosks?/revoke',
			form: { kiosk: kiosk.id },
			shows: async () => (await rowOf('kiosks', kiosk.id))['revoked']
		}
	};
	return attempts[change];
}
