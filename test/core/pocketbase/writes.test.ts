import type { RecordModel } from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId, written } from '#pocketbase/collection.ts';
import { copyOf, setStage, took, type Actor, type Stage } from '../../support/actors.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as matrix from '../../support/matrix.ts';
import * as plant from '../../support/plant.ts';

// What somebody can do who takes their own token to PocketBase's own API and writes there.

const day = 24 * 3600_000;
let house: House;
let stage: Stage;
let call: RecordModel;
let server: Actor;
/** Somebody else's, one of each collection. */
const rows = new Map<string, RecordModel>();
let cells = 0;
let count = 0;
beforeAll(async () => {
	house = await openHouse();
	stage = await setStage(house);
	server = await plant.person(house, ['contact_person'], { offices: [stage.offices.theirs.id] });
	call = await plant.recording(house, server.person, Buffer.from('a call'));
});
afterAll(async () => {
	process.stdout.write(`   ${cells} cells of the matrix of writes agree\n`);
	await house.close();
});

test('the table knows every collection', async () => {
	const names = (await house.superuser.collections.getFullList()).map(({ name }) => name);
	const ours = names.filter((name) => !name.startsWith('_')).sort();
	expect(ours).toEqual([...Object.keys(matrix.writers), ...matrix.views].sort());
});

describe.each(matrix.changers)('$role, training $training, active $active', (someone) => {
	let actor: Actor;
	beforeAll(async () => {
		actor = await stage.actor(someone);
	});

	test.for(Object.entries(matrix.writers))('writes into %s what the table says', async ([name, { create, update }]) => {
		const [all, theirs] = [house.superuser.collection(name), actor.as.collection(name)];
		const total = async (): Promise<number> => (await all.getList(1, 1)).totalItems;
		const { made, changed } = await rowFor(name, actor.person.id);
		// The superuser's row shows that a rule refuses, and not what was sent. A hold is confirmed once.
		const kept = name === 'holds' ? undefined : rows.get(name);
		const row: RecordModel = kept ?? (await all.create(made(server.person.id)));
		rows.set(name, row);

		const before = await total();
		const may = matrix.isAmong(someone, create);
		expect(await took(theirs.create(made(actor.person.id))), 'create').toBe(may);
		expect(await total(), 'create').toBe(before + (may ? 1 : 0));

		const was = await all.getOne(row.id);
		expect(await took(theirs.update(row.id, changed)), 'update').toBe(matrix.isAmong(someone, update));
		if (!matrix.isAmong(someone, update)) expect(await all.getOne(row.id), 'update').toEqual(was);

		expect(await took(theirs.delete(row.id)), 'delete').toBe(false);
		expect((await all.getOne(row.id)).id, 'delete').toBe(row.id);
		cells += 3;
	});

	test.for(matrix.views)('writes nothing into %s', async (name) => {
		const theirs = actor.as.collection(name);
		expect(await took(theirs.create({})), 'create').toBe(false);
		expect(await took(theirs.update('1', {})), 'update').toBe(false);
		expect(await took(theirs.delete('1')), 'delete').toBe(false);
		cells += 3;
	});
});

interface Row {
	/** What makes a row that would stand, in the name of this person. */
	made: (by: string) => Record<string, unknown> | FormData;
	/** What would change it. */
	changed: Record<string, unknown>;
}

async function rowFor(collection: string, by: string): Promise<Row> {
	const office = stage.offices.theirs.id;
	const at = (ms: number): string => written(new Date(Date.now() + ms));
	const hash = (): string => newId().slice(1).padEnd(64, '0');
	const passwords = { password: plant.password, passwordConfirm: plant.password };
	const name = newId();
	const named = { made: () => ({ name: newId() }), changed: { name } };
	switch (collection) {
		case 'teams':
			return named;
		case 'services':
			return { made: () => ({ name: newId(), ...passwords }), changed: { name } };
		case 'staff':
			return {
				made: () => ({ sign_in_name: newId(), name, active: true, roles: ['agent'], ...passwords }),
				changed: { name: newId(), roles: ['agent', 'auditor'] }
			};
		case 'trainings':
			return {
				made: (recorded_by) => ({
					...{ person: stage.agents.team.id, course: 'system_use', completed: at(-day), valid_until: at(day) },
					recorded_by
				}),
				changed: { valid_until: at(900 * day) }
			};
		case 'offices':
			return { made: () => ({ ...copyOf(stage.offices.theirs), name: newId() }), changed: { name } };
		case 'kiosks':
			return {
				made: (paired_by) => ({ name, office, device_hash: hash(), paired_by, mm_per_css_px: 0.26 }),
				changed: { name: newId() }
			};
		case 'requests':
			return {
				made: (taken_by) => ({
					...{ received: at(0), channel: 'phone', language: 'fi', state: 'received', due: at(30 * day) },
					taken_by
				}),
				changed: { remembers: newId() }
			};
		case 'appointments': {
			const kiosk = (await plant.kiosk(house, office, by)).id;
			const request = (await plant.request(house, by)).id;
			return {
				made: (booked_by) => {
					const starts = ++count * 3600_000;
					const hour = { starts: at(starts), ends: at(starts + 1000), language: 'fi', state: 'booked', sequence: 0 };
					return { request, office, kiosk, ...hour, booked_by, person: server.person.id };
				},
				changed: { language: 'sv' }
			};
		}
		case 'visits':
			return visitFor(by);
		case 'holds':
			return {
				made: (placed_by) => ({
					...{ recording: call.id, ground: 'restriction', placed: at(0), until: at(day), asked_until: at(30 * day) },
					placed_by
				}),
				changed: { confirmed_by: by, until: at(30 * day) }
			};
		case 'recordings':
			return {
				made: () => {
					const form = new FormData();
					for (const [field, value] of Object.entries({ ...copyOf(call), source_key: hash() })) {
						form.set(field, typeof value === 'object' ? JSON.stringify(value) : String(value));
					}
					form.set('audio', new Blob(['sealed']), 'sealed.age');
					return form;
				},
				changed: { employee: by, team: stage.team.id }
			};
		case 'intake_runs':
			return { made: () => ({ began: at(0), seen: at(0), state: 'running' }), changed: { state: 'done' } };
		case 'destructions':
			return {
				made: () => ({ call_day: '2026-01-12', rule: 'six_months', rule_version: 1, due: at(0), begun: at(0) }),
				changed: { destroyed: at(0) }
			};
		case 'destroyed_keys':
			return { made: () => ({ name: '2026-01-12', fingerprint: hash(), begun: at(0) }), changed: { destroyed: at(0) } };
		case 'destruction_days':
			return { made: () => ({ day: at(-++count * day).slice(0, 10) }), changed: { recordings: 7 } };
		default:
			throw new Error(`no row is known for ${collection}`);
	}
}

/** A visit at their own office, at a kiosk of its own each time, since a kiosk has one at a time. */
async function visitFor(by: string): Promise<Row> {
	const office = stage.offices.theirs.id;
	const request = (await plant.request(house, by)).id;
	const kiosk = (await plant.kiosk(house, office, by)).id;
	const appointment = (await plant.appointment(house, { request, office, kiosk, bookedBy: by })).id;
	return {
		made: () => ({
			...{ appointment, request, office, kiosk, language: 'fi', state: 'waiting' },
			...{ ends: written(new Date(Date.now() + day)), arrived: written(new Date()) }
		}),
		changed: { called: written(new Date()) }
	};
}
