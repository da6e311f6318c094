import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRows, type RowName } from '#pocketbase/rows.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

// Whoever hears something is asked about anew when one of these rows has changed: what is not seen here is not noticed.

let house: House;
let rows: RowName[];
beforeAll(async () => {
	house = await openHouse();
	const team = await plant.team(house);
	const office = await plant.office(house);
	const agent = await plant.person(house, ['agent', 'contact_person'], { team: team.id, offices: [office.id] });
	const kiosk = await plant.kiosk(house, office.id, agent.person.id);
	const recording = await plant.recording(house, agent.person, Buffer.alloc(100));
	const request = await plant.request(house, agent.person.id, { recordings: [recording.id] });
	const of = { request: request.id, office: office.id, kiosk: kiosk.id };
	const appointment = await plant.appointment(house, { ...of, bookedBy: agent.person.id });
	const visit = await plant.visit(house, { ...of, appointment: appointment.id }, { recordings: [recording.id] });
	rows = [
		['recordings', recording.id],
		['kiosks', kiosk.id],
		['visits', visit.id],
		['staff', agent.person.id]
	];
});
afterAll(() => house.close());

const idOf = (collection: string): string => rows.find(([name]) => name === collection)?.[1] ?? '';
const change = (collection: string, fields: Record<string, unknown>) =>
	house.superuser.collection(collection).update(idOf(collection), fields);

const soon = '2031-01-01 00:00:00.000Z';
test.each<[string, () => Promise<unknown>]>([
	['a visit goes to another state', () => change('visits', { state: 'notice' })],
	['a recording leaves a visit', () => change('visits', { recordings: [] })],
	['an hour becomes shorter', () => change('visits', { ends: new Date(Date.now() + 600_000) })],
	['a kiosk loses its right', () => change('kiosks', { revoked: soon })],
	['a kiosk gets another secret', () => change('kiosks', { device_hash: 'f'.repeat(64) })],
	['a recording is held', () => change('recordings', { held_until: soon })],
	['a recording is to go at another time', () => change('recordings', { destroy_after: soon })],
	['a person is deactivated', () => change('staff', { active: false })],
	['a person gets another role', () => change('staff', { roles: ['auditor'] })],
	['a person is trained', () => plant.train(house, idOf('staff'), 200)],
	['a person leaves the team, and their calls with them', () => change('staff', { team: '' })],
	['every sign-in of a person ends', () => change('staff', { password: 'another one', passwordConfirm: 'another one' })]
])('it is seen at once that %s', async (_, happens) => {
	const before = house.register.rows.written(rows);
	expect(before).toBeTypeOf('string');
	expect(house.register.rows.written(rows)).toBe(before);
	await happens();
	expect(house.register.rows.written(rows)).not.toBe(before);
});

test('where a player stands and when a kiosk was heard of is no change', async () => {
	const before = house.register.rows.written(rows);
	await change('visits', { position_ms: 5000 });
	await change('kiosks', { last_seen: soon });
	expect(house.register.rows.written(rows)).toBe(before);
});

test('what is not there, or cannot be read, is nothing that stays the same', async () => {
	expect(house.register.rows.written([...rows, ['visits', 'nobodysvisit000']])).toBeUndefined();
	expect(house.register.rows.written([['nosuchcollection', 'x']])).toBeUndefined();
	expect(openRows('/nowhere').written(rows)).toBeUndefined();
	expect(openRows(undefined).written(rows)).toBeUndefined();
	await house.superuser.collection('visits').delete(idOf('visits'));
	expect(house.register.rows.written(rows)).toBeUndefined();
});
