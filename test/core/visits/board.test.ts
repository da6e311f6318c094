import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { board, change, endVisitAt } from '#visits/board.ts';
import { alive, kiosks } from '#visits/kiosk.ts';
import { current } from '#visits/live-visit.ts';
import { revoke } from '#visits/pairing.ts';
import { arrive } from '#visits/visiting.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { cast, logOf, said, scene, type Cast } from './scene.ts';

let house: House;
let who: Cast;
beforeAll(async () => {
	house = await openHouse();
	who = await cast(house);
});
afterAll(() => house.close());

const onBoard = async (id: string) => (await board(house.register, who.maintainer)).find((one) => one.id === id);

describe("the maintainer's board", () => {
	it('says where each kiosk is, when it was seen, which version it shows, and where its visit is', async () => {
		const { kiosk, codes } = await scene(house, who);
		expect(await onBoard(kiosk.id)).toMatchObject({ name: kiosk.name, office: who.office.id, visit: undefined });
		const told: unknown[] = [];
		const deaf = house.register.news.hear((news) => told.push(news));
		await alive(house.register, kiosk, 'v1');
		deaf();
		expect(told).toEqual([{ office: who.office.id }]);
		await arrive(house.register, kiosk, codes.token);
		const now = await onBoard(kiosk.id);
		expect(now).toMatchObject({ version: 'v1', visit: 'waiting', mmPerCssPx: 0.2646 });
		expect(now?.lastSeen?.getTime()).toBeGreaterThan(Date.now() - 60_000);
		// The database has it too, at once when it is another one, for a look at it from outside.
		const kept = () => kiosks(house.register.pocketbase.service).one(kiosk.id);
		expect((await kept()).pageVersion).toBe('v1');
		await alive(house.register, await kept(), 'v2');
		expect((await kept()).pageVersion).toBe('v2');
	});

	it('holds nothing of any visitor, request or call', async () => {
		const { kiosk, codes, request, calls } = await scene(house, who);
		const visit = await arrive(house.register, kiosk, codes.token);
		const text = JSON.stringify(await board(house.register, who.maintainer));
		for (const secret of [visit.id, visit.appointment, request.id, request['name'], ...calls]) {
			expect(text).not.toContain(secret);
		}
	});
});

describe('a maintainer', () => {
	it('ends a visit unheard; the log says who did', async () => {
		const { kiosk, codes } = await scene(house, who);
		const visit = await arrive(house.register, kiosk, codes.token);
		await endVisitAt(house.register, who.maintainer, kiosk.id);
		expect(await current(house.register, kiosk)).toBeUndefined();
		expect((await logOf(house, { visit: visit.id })).at(-1)).toMatchObject({
			action: 'end_visit',
			reason: 'maintainer',
			role: 'maintainer',
			actor: who.maintainer.person.id
		});
	});

	it('gives a kiosk another name and another office, in the log first', async () => {
		const { kiosk } = await scene(house, who, { state: 'cancelled' });
		const office = await plant.office(house);
		await change(house.register, who.maintainer, { kiosk: kiosk.id, name: 'Ikkunan vieressä', office: office.id });
		expect(await kiosks(house.superuser).one(kiosk.id)).toMatchObject({ name: 'Ikkunan vieressä', office: office.id });
		expect(said(await logOf(house, { kiosk: kiosk.id }))).toEqual(['change_kiosk']);
	});

	it('renames but does not move a kiosk for which hours are booked, or that somebody is at, or that is revoked', async () => {
		const { kiosk, codes } = await scene(house, who);
		const { id: office } = await plant.office(house);
		const move = (to: string) => change(house.register, who.maintainer, { kiosk: kiosk.id, name: 'Uusi', office: to });
		await expect(move(office)).rejects.toMatchObject({ kind: 'conflict', reason: 'kiosk_booked' });
		await arrive(house.register, kiosk, codes.token);
		await expect(move(office)).rejects.toMatchObject({ kind: 'conflict', reason: 'kiosk_in_use' });
		await move(who.office.id);
		expect(await kiosks(house.superuser).one(kiosk.id)).toMatchObject({ name: 'Uusi', office: who.office.id });
		await revoke(house.register, who.maintainer, kiosk.id);
		await expect(move(who.office.id)).rejects.toMatchObject({ kind: 'conflict', reason: 'kiosk_revoked' });
	});

	it('alone does these; a contact person is refused, in the log too', async () => {
		const { kiosk } = await scene(house, who);
		await expect(endVisitAt(house.register, who.contact, kiosk.id)).rejects.toMatchObject({ kind: 'refused' });
		await expect(
			change(house.register, who.contact, { kiosk: kiosk.id, name: 'x', office: who.office.id })
		).rejects.toMatchObject({ kind: 'refused' });
		expect(said(await logOf(house, { kiosk: kiosk.id }))).toEqual([
			'end_visit: wrong_role',
			'change_kiosk: wrong_role'
		]);
	});
});
