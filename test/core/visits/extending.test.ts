import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { written } from '#pocketbase/collection.ts';
import { extend, longerByMinutes } from '#visits/extending.ts';
import { view } from '#visits/showing.ts';
import * as verification from '#visits/verification.ts';
import { visits } from '#visits/visit.ts';
import * as visiting from '#visits/visiting.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { cast, logOf, minute, said, scene, type Cast, type Scene } from './scene.ts';

let house: House;
let who: Cast;
beforeAll(async () => {
	house = await openHouse();
	who = await cast(house);
});
afterEach(() => void (house.clock.now = undefined));
afterAll(() => house.close());

const longer = (visit: string, door = who.contact) => extend(house.register, door, visit);

async function released(): Promise<Scene & { visit: string; ends: Date }> {
	// Hours hold whole quarters: one that ends with a quarter leaves the next to somebody else.
	const quarter = 15 * minute;
	const made = await scene(house, who, { ends: written(new Date(Math.ceil(Date.now() / quarter + 2) * quarter)) });
	const { id, ends } = await visiting.arrive(house.register, made.kiosk, made.codes.token);
	await verification.release(house.register, who.contact, id, { document: 'passport' });
	return { ...made, visit: id, ends };
}

/** Somebody else's hour at the same kiosk, so many minutes after the end of this one. */
async function nextHour(at: Scene & { ends: Date }, minutesAfter: number, state = 'booked'): Promise<void> {
	const other = await plant.request(house, who.contact.person.id);
	const starts = new Date(at.ends.getTime() + minutesAfter * minute);
	await plant.appointment(
		house,
		{ request: other.id, office: who.office.id, kiosk: at.kiosk.id, bookedBy: who.contact.person.id },
		{ starts: written(starts), ends: written(new Date(starts.getTime() + 60 * minute)), state }
	);
}

describe('a visit is made longer', () => {
	it('by a quarter of an hour when the kiosk is free, in the log first, and the kiosk is told', async () => {
		const at = await released();
		let told = 0;
		const deaf = house.register.news.hear(({ visit }) => void (visit === at.visit && told++));
		const { ends } = await longer(at.visit);
		deaf();
		expect(ends.getTime() - at.ends.getTime()).toBe(longerByMinutes * minute);
		expect(told).toBe(1);
		expect((await logOf(house, { visit: at.visit })).at(-1)).toMatchObject({
			action: 'extend_visit',
			outcome: 'done',
			actor: who.contact.person.id,
			role: 'contact_person',
			measures: { minutes: longerByMinutes }
		});
		// What was over is still open to the customer.
		house.clock.now = new Date(at.ends.getTime() + minute);
		expect(await view(house.register, at.secret)).toMatchObject({ screen: 'notice', visit: { leftMs: 14 * minute } });
		house.clock.now = new Date(at.ends.getTime() + 15 * minute);
		expect(await view(house.register, at.secret)).toMatchObject({ screen: 'attract' });
		expect((await logOf(house, { visit: at.visit })).at(-1)).toMatchObject({
			action: 'end_visit',
			reason: 'slot_over'
		});
	});

	it('not into the hour of the next visitor, and the log says why', async () => {
		const at = await released();
		await nextHour(at, 10);
		await expect(longer(at.visit)).rejects.toMatchObject({ kind: 'refused', reason: 'next_visitor' });
		expect(said(await logOf(house, { visit: at.visit })).at(-1)).toBe('extend_visit: next_visitor');
		expect((await visits(house.superuser).one(at.visit)).ends).toEqual(at.ends);
	});

	it('up to that hour, and past one that was given back', async () => {
		const at = await released();
		await nextHour(at, 5, 'cancelled');
		await nextHour(at, 15);
		await longer(at.visit);
		await expect(longer(at.visit)).rejects.toMatchObject({ reason: 'next_visitor' });
	});

	it('by the database only while it is on, released, and nobody else comes: the second wall', async () => {
		const put = (visit: string, ends: Date, as = who.contact.as) =>
			as.collection('visits').update(visit, { ends: written(ends) });
		const at = await released();
		await nextHour(at, 10);
		await expect(put(at.visit, new Date(at.ends.getTime() + 15 * minute))).rejects.toMatchObject({ status: 400 });
		await expect(put(at.visit, new Date(at.ends.getTime() + 5 * minute), house.superuser)).resolves.toBeDefined();

		const waits = await scene(house, who);
		const waiting = await visiting.arrive(house.register, waits.kiosk, waits.codes.token);
		await expect(put(waiting.id, new Date(Date.now() + 500 * minute))).rejects.toMatchObject({ status: 400 });
		// The kiosk's side may not at all.
		await expect(
			put(at.visit, new Date(at.ends.getTime() + 6 * minute), house.register.pocketbase.service)
		).rejects.toBeDefined();
	});

	it('not before it is released, and not when it is over', async () => {
		const waits = await scene(house, who);
		const waiting = await visiting.arrive(house.register, waits.kiosk, waits.codes.token);
		await expect(longer(waiting.id)).rejects.toMatchObject({ kind: 'conflict', reason: 'not_released_yet' });
		const at = await released();
		await visiting.leave(house.register, at.kiosk, 'customer');
		await expect(longer(at.visit)).rejects.toMatchObject({ kind: 'too_late' });
		const late = await released();
		house.clock.now = new Date(late.ends.getTime() + 1);
		await expect(longer(late.visit)).rejects.toMatchObject({ kind: 'too_late' });
	});

	it('only by a contact person of that office; others are refused, in the log too', async () => {
		const at = await released();
		const elsewhere = await plant.person(house, ['contact_person'], { offices: [(await plant.office(house)).id] });
		await expect(longer(at.visit, elsewhere)).rejects.toMatchObject({ reason: 'other_office' });
		await expect(longer(at.visit, who.agent)).rejects.toMatchObject({ kind: 'refused' });
		expect(said(await logOf(house, { actor: elsewhere.person.id }))).toEqual(['extend_visit: other_office']);
	});
});

describe('the end of the hour', () => {
	it('is not believed of a kiosk: its visit goes on until our own clock says so', async () => {
		const at = await released();
		await visiting.leave(house.register, at.kiosk, 'slot_over');
		expect((await visits(house.superuser).one(at.visit)).state).toBe('notice');
		house.clock.now = at.ends;
		await visiting.leave(house.register, at.kiosk, 'slot_over');
		expect((await logOf(house, { visit: at.visit })).at(-1)).toMatchObject({
			action: 'end_visit',
			role: 'system',
			reason: 'slot_over'
		});
	});
});
