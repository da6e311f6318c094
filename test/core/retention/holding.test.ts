import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '#pocketbase/pocketbase.ts';
import * as holding from '#retention/holding.ts';
import type { Person } from '#staff/person.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { call, day, hour, leftOf, sweepNow, type Planted } from './scene.ts';

// By the real clock: PocketBase's rules and triggers have no other.
let house: House;
let agent: Person;
let first: holding.Holder;
let second: holding.Holder;
let auditor: holding.Holder;
beforeAll(async () => {
	house = await openHouse();
	({ person: agent } = await plant.person(house, ['agent']));
	first = { ...(await plant.person(house, ['contact_person'])), role: 'contact_person' };
	second = { ...(await plant.person(house, ['contact_person'])), role: 'contact_person' };
	auditor = { ...(await plant.person(house, ['auditor'])), role: 'auditor' };
});
afterAll(() => house.close());
beforeEach(() => (house.clock.now = undefined));

let age = 100;
const fresh = (): Promise<Planted> => call(house, agent, new Date(Date.now() - age++ * day));
const inDays = (days: number): string => new Date(Date.now() + days * day).toISOString().slice(0, 10);
const heldUntil = async (id: string): Promise<Date | undefined> => {
	const row = await house.superuser.collection('recordings').getOne(id);
	return row['held_until'] ? new Date(row['held_until']) : undefined;
};
const lines = async (recording: string) =>
	(await house.register.accessLog.read({ limit: 9, where: { recording } })).map(
		({ action, actor, outcome, reason }) => [action, actor, outcome, reason]
	);
const restriction = (recording: string) => ({ recording, ground: 'restriction' as const, lastDay: inDays(300) });

describe('a hold by hand', () => {
	it('holds for a day, and for what was asked when a second person confirms it; each step is in the log first', async () => {
		const one = await fresh();
		const hold = await holding.place(house.register, first, restriction(one.id));
		expect(Math.abs(Number(await heldUntil(one.id)) - Date.now() - day)).toBeLessThan(hour);
		await expect(holding.confirm(house.register, first, hold.id)).rejects.toMatchObject({ reason: 'same_person' });
		await holding.confirm(house.register, second, hold.id);
		expect(await heldUntil(one.id)).toEqual(hold.askedUntil);
		await expect(holding.confirm(house.register, auditor, hold.id)).rejects.toMatchObject({ reason: 'not_waiting' });
		await holding.end(house.register, second, hold.id);
		expect(await heldUntil(one.id)).toBeUndefined();
		expect(await lines(one.id)).toEqual([
			['end_hold', second.person.id, 'done', 'by_hand'],
			['confirm_hold', second.person.id, 'done', undefined],
			['confirm_hold', first.person.id, 'refused', 'same_person'],
			['hold_recording', first.person.id, 'done', 'restriction']
		]);
		await expect(holding.end(house.register, first, hold.id)).rejects.toMatchObject({ reason: 'not_by_hand' });
	});

	it('keeps a recording whole past its time, whose day’s key goes, and is followed by its destruction', async () => {
		const one = await fresh();
		const { id } = await holding.place(house.register, first, restriction(one.id));
		await holding.confirm(house.register, auditor, id);
		house.clock.now = new Date(one.due.getTime() + hour);
		expect(await sweepNow(house)).toMatchObject({ recordings: 0, resealed: 1, keys: 1 });
		expect(await leftOf(house, one)).toMatchObject({ row: true, folder: true, opens: true });
		await expect(house.register.keyring.identityFor(one.day)).rejects.toMatchObject({ reason: 'day_key_destroyed' });

		house.clock.now = undefined;
		await holding.end(house.register, first, id);
		// PocketBase's own rule lets nothing go before its time, so the term is over by its clock too.
		await house.superuser.collection('recordings').update(one.id, { destroy_after: new Date(Date.now() - 60_000) });
		expect(await sweepNow(house)).toMatchObject({ recordings: 1, keys: 1 });
		expect(await leftOf(house, one)).toMatchObject({ row: false, folder: false, certified: true });
		expect((await house.register.keyring.list()).recordings).not.toContain(one.id);
	});

	it('that nobody confirms ends by itself after a day', async () => {
		const one = await fresh();
		const { id } = await holding.place(house.register, first, restriction(one.id));
		house.clock.now = new Date(Date.now() + day + hour);
		await expect(holding.confirm(house.register, second, id)).rejects.toMatchObject({ reason: 'not_waiting' });
		expect((await holding.list(house.register, first)).standing[0]).toMatchObject({ id, state: 'overdue' });
		// By a clock that has jumped nothing ends: a hold that has ended does not stand again.
		expect(await sweepNow(house, { driftMs: day })).toMatchObject({ holdsEnded: 0, stopped: { why: 'clock_jumped' } });
		expect(await heldUntil(one.id)).toBeDefined();
		expect(await sweepNow(house)).toMatchObject({ holdsEnded: 1 });
		expect(await heldUntil(one.id)).toBeUndefined();
		// Colleagues are shown by name; an auditor sees ids.
		for (const [by, placedByName] of [[second, first.person.name] as const, [auditor, ''] as const]) {
			const { ended } = await holding.list(house.register, by);
			expect(ended.find((hold) => hold.id === id)).toMatchObject({ endedWhy: 'not_confirmed', placedByName });
		}
	});

	it('is refused past the six months, for a day that is over, for more than a year, and for what is not there', async () => {
		const one = await fresh();
		for (const lastDay of [inDays(-2), inDays(370)]) {
			const asked = holding.place(house.register, first, { ...restriction(one.id), lastDay });
			await expect(asked).rejects.toMatchObject({ kind: 'invalid', reason: 'hold_until' });
		}
		await expect(holding.place(house.register, first, restriction('nothing00000000'))).rejects.toMatchObject({
			kind: 'missing'
		});
		house.clock.now = one.due;
		await expect(holding.place(house.register, first, restriction(one.id))).rejects.toMatchObject({
			kind: 'too_late',
			reason: 'past_retention'
		});
		expect(await lines(one.id)).toEqual([]);
	});

	it('is behind the second wall too: nobody is their own second person there, nor holds for another', async () => {
		const one = await fresh();
		const { id } = await holding.place(house.register, first, restriction(one.id));
		const holds = (as: Client) => as.collection('holds');
		const confirmed = (by: holding.Holder) => ({ confirmed_by: by.person.id });
		const maintainer = await plant.person(house, ['maintainer']);
		await expect(holds(first.as).update(id, confirmed(first))).rejects.toMatchObject({ status: 404 });
		await expect(holds(second.as).update(id, confirmed(auditor))).rejects.toMatchObject({ status: 404 });
		await expect(holds(second.as).update(id, { ...confirmed(second), ground: 'authority' })).rejects.toMatchObject({
			status: 404
		});
		await expect(holds(auditor.as).update(id, { ended: new Date(), ended_why: 'by_hand' })).rejects.toMatchObject({
			status: 404
		});
		await expect(holds(maintainer.as).getOne(id)).rejects.toMatchObject({ status: 404 });
		await expect(
			holds(auditor.as).create({
				recording: one.id,
				ground: 'authority',
				placed: new Date(),
				placed_by: auditor.person.id,
				until: new Date(),
				asked_until: new Date()
			})
		).rejects.toMatchObject({ status: 400 });
		await holding.end(house.register, first, id);
	});

	it('that is urgent stands first in the list, and the list says who may do what', async () => {
		const [calm, urgent] = [await fresh(), await fresh()];
		const confirmed = await holding.place(house.register, first, restriction(calm.id));
		await holding.confirm(house.register, second, confirmed.id);
		const waiting = await holding.place(house.register, first, restriction(urgent.id));
		const ids = [waiting.id, confirmed.id];
		const seen = async (by: holding.Holder) =>
			(await holding.list(house.register, by)).standing
				.filter(({ id }) => ids.includes(id))
				.map(({ id, state, mayConfirm, mayEnd }) => [ids.indexOf(id), state, mayConfirm, mayEnd]);
		expect(await seen(first)).toEqual([
			[0, 'unconfirmed', false, true],
			[1, 'stands', false, true]
		]);
		expect(await seen(auditor)).toEqual([
			[0, 'unconfirmed', true, false],
			[1, 'stands', false, false]
		]);
		const [line] = await house.register.accessLog.read({ limit: 1 });
		expect(line).toMatchObject({ action: 'view_holds', role: 'auditor', actor: auditor.person.id });
	});
});
