import type { RecordModel } from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { written } from '#pocketbase/collection.ts';
import { whyNotRelease } from '#visits/release.ts';
import { setStage, took, type Actor, type Stage } from '../support/actors.ts';
import * as matrix from '../support/matrix.ts';
import { serveHouse, type Served } from '../support/pages.ts';
import * as plant from '../support/plant.ts';

// The matrix of the release: who, trained or not, at which office, in the slot or out of it, at a kiosk with its right or
// without.

const minute = 60_000;
let served: Served;
let stage: Stage;
let call: RecordModel;
let cells = 0;
beforeAll(async () => {
	served = await serveHouse();
	stage = await setStage(served.house);
	const agent = await plant.read(served.house, stage.agents.team.id);
	call = await plant.recording(served.house, agent, Buffer.from('a call'));
});
afterAll(async () => {
	process.stdout.write(`   ${cells} cells of the matrix of releases agree\n`);
	await served.close();
});

const hours: Record<(typeof matrix.hours)[number], { starts: number; ends: number }> = {
	'in the slot': { starts: -5 * minute, ends: 55 * minute },
	'before the slot': { starts: 31 * minute, ends: 91 * minute },
	'after the slot': { starts: -60 * minute, ends: -1 }
};

interface Waiting {
	office: RecordModel;
	kiosk: RecordModel;
	appointment: { state: 'booked'; starts: Date; ends: Date };
	visit: RecordModel;
}

/** Somebody who waits at a kiosk of their own, whatever the hour. */
async function waiting(
	by: string,
	where: (typeof matrix.offices)[number],
	when: (typeof matrix.hours)[number],
	device: (typeof matrix.devices)[number]
): Promise<Waiting> {
	const { house } = served;
	const office = where === 'their office' ? stage.offices.theirs : stage.offices.another;
	const kiosk = await plant.kiosk(house, office.id, by);
	const request = (await plant.request(house, by, { state: 'booked', recordings: [call.id] })).id;
	const place = { request, office: office.id, kiosk: kiosk.id };
	const [starts, ends] = [hours[when].starts, hours[when].ends].map((ms) => new Date(Date.now() + ms));
	if (!starts || !ends) throw new Error('no hour');
	const hour = { starts: written(starts), ends: written(ends) };
	const appointment = (await plant.appointment(house, { ...place, bookedBy: by }, hour)).id;
	const visit = await plant.visit(house, { ...place, appointment }, { ends: hour.ends });
	if (device === 'paired') return { office, kiosk, appointment: { state: 'booked', starts, ends }, visit };
	// The moment between the lost right and the visit's end, the worst that can be.
	const revoked = await house.superuser.collection('kiosks').update(kiosk.id, { revoked: written(new Date()) });
	return { office, kiosk: revoked, appointment: { state: 'booked', starts, ends }, visit };
}

const stateOf = async ({ visit }: Waiting): Promise<string> =>
	(await served.house.superuser.collection('visits').getOne(visit.id))['state'];

describe.each(matrix.changers)('$role, training $training, active $active', (someone) => {
	let actor: Actor;
	beforeAll(async () => {
		actor = await stage.actor(someone);
	});

	const places = matrix.offices.flatMap((where) =>
		matrix.hours.flatMap((when) => matrix.devices.map((device) => [where, when, device] as const))
	);
	test.for(places)('%s, %s, kiosk %s', async ([where, when, device]) => {
		const { house } = served;
		const { person, as } = actor;
		const [may, at] = [matrix.mayRelease(someone, where, when, device), [where, when, device] as const];
		const [one, other] = [await waiting(person.id, ...at), await waiting(person.id, ...at)];

		const { office, appointment, kiosk } = one;
		const revoked = kiosk['revoked'] ? new Date(kiosk['revoked']) : undefined;
		const reason = whyNotRelease(person, { office: office.id, kiosk: { revoked }, appointment }, house.register.now());
		expect(reason === undefined, `function, ${reason}`).toBe(may);

		const verified = { verified_by: person.id, verified: written(new Date()), document: 'passport' };
		const released = { ...verified, state: 'notice', recordings: [call.id] };
		expect(await took(as.collection('visits').update(other.visit.id, released)), 'database').toBe(may);
		expect(await stateOf(other)).toBe(may ? 'notice' : 'waiting');

		const form = { visit: one.visit.id, document: 'passport' };
		const answer = await served.send('/console/today?/release', served.session(actor), form);
		expect(answer.status, 'server').toBe(may ? 200 : person.active ? 403 : 303);
		expect(await stateOf(one)).toBe(may ? 'notice' : 'waiting');
		const [line] = await house.register.accessLog.read({ limit: 1, where: { actor: person.id } });
		if (!may && person.active) expect(line, 'log').toMatchObject({ outcome: 'refused', reason: reason ?? '' });
		cells++;
	});
});
