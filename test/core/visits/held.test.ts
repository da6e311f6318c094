import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KioskListener } from '#listening/listener.ts';
import { written } from '#pocketbase/collection.ts';
import * as verification from '#visits/verification.ts';
import { visits } from '#visits/visit.ts';
import * as visiting from '#visits/visiting.ts';
import { openHouse, type House } from '../../support/house.ts';
import { cast, scene, type Cast } from './scene.ts';

// Calls whose six months are over while a request holds them (register description § 8d; GDPR Art. 18(2)).

const day = 24 * 3600_000;
let house: House;
let who: Cast;
beforeAll(async () => {
	house = await openHouse();
	who = await cast(house);
});
afterAll(() => house.close());

/** A visitor whose only call was due yesterday, and is held by the request for so many days more. */
async function arrivedWithHeld(days: number) {
	const made = await scene(house, who, { calls: 1 });
	const [call = ''] = made.calls;
	const until = written(new Date(Date.now() + days * day));
	const { id: hold } = await house.superuser.collection('holds').create({
		recording: call,
		request: made.request.id,
		ground: 'request',
		placed: written(new Date(Date.now() - 30 * day)),
		placed_by: who.contact.person.id,
		until,
		asked_until: until
	});
	await house.superuser.collection('recordings').update(call, { destroy_after: written(new Date(Date.now() - day)) });
	const { id } = await visiting.arrive(house.register, made.kiosk, made.codes.token);
	return { ...made, call, hold, visit: id };
}
const release = (visit: string) => verification.release(house.register, who.contact, visit, { document: 'passport' });
const end = (hold: string) =>
	house.superuser.collection('holds').update(hold, { ended: written(new Date()), ended_why: 'request_closed' });

it('are released and heard while the hold stands; when it ends nothing more is heard, within the same visit', async () => {
	const { kiosk, call, hold, visit } = await arrivedWithHeld(10);
	const { register } = house;
	expect((await release(visit)).recordings).toEqual([call]);
	for (const step of ['notice_read', 'headset_ok'] as const) await visiting.step(register, kiosk, step);
	await visiting.step(register, kiosk, 'choose', { recording: call });
	const listener = async (): Promise<KioskListener> => ({
		kind: 'kiosk',
		kiosk,
		visit: await visits(house.superuser).one(visit)
	});
	const { reader } = await register.listenings.open(register, await listener(), call);
	expect((await reader.read(0, 100)).length).toBe(100);
	await end(hold);
	await expect(register.listenings.open(register, await listener(), call)).rejects.toMatchObject({
		kind: 'refused',
		reason: 'past_retention'
	});
});

it('are not released any more when the hold has ended, nor when its time is over before any sweep has ended it', async () => {
	const ended = await arrivedWithHeld(10);
	await end(ended.hold);
	await expect(release(ended.visit)).rejects.toMatchObject({ reason: 'no_recordings' });
	const overdue = await arrivedWithHeld(10);
	house.clock.now = new Date(Date.now() + 11 * day);
	await house.superuser.collection('appointments').update(overdue.appointment.id, {
		starts: written(new Date(house.clock.now.getTime() - 60_000)),
		ends: written(new Date(house.clock.now.getTime() + 30 * 60_000))
	});
	await expect(release(overdue.visit)).rejects.toMatchObject({ reason: 'no_recordings' });
	house.clock.now = undefined;
});
