import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordModel } from 'pocketbase';
import { asFailure } from '#pocketbase/answers.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

// What the database itself lets nobody do, past all of our code: the same hour twice.

let house: House;
let desk: Awaited<ReturnType<typeof plant.person>>;
let office: RecordModel;
let request: RecordModel;
beforeAll(async () => {
	house = await openHouse();
	office = await plant.office(house);
	desk = await someone();
	request = await plant.request(house, desk.person.id);
});
afterAll(() => house.close());

const someone = () => plant.person(house, ['contact_person'], { offices: [office.id] });
const aKiosk = async () => (await plant.kiosk(house, office.id, desk.person.id)).id;
const at = (clock: string, day = '2027-01-11'): string => `${day} ${clock}:00.000Z`;

interface Place {
	kiosk: string;
	person: string;
}
const body = ({ kiosk, person }: Place, starts: string, ends: string) => ({
	request: request.id,
	office: office.id,
	kiosk,
	person,
	booked_by: desk.person.id,
	language: 'fi',
	state: 'booked',
	sequence: 0,
	starts,
	ends
});
const create = (place: Place, starts: string, ends: string): Promise<RecordModel> =>
	desk.as
		.collection('appointments')
		.create(body(place, starts, ends))
		.catch(asFailure);
const change = (id: string, fields: Record<string, string>): Promise<RecordModel> =>
	desk.as.collection('appointments').update(id, fields).catch(asFailure);

describe('the database', () => {
	test.each([
		['begins inside it', '10:45', '12:00'],
		['ends inside it', '09:00', '10:15'],
		['lies inside it', '10:15', '10:30'],
		['goes over it', '09:00', '12:00'],
		['is the very same', '10:00', '11:00'],
		['begins a minute before its end', '10:59', '11:30']
	])('refuses an hour at the same kiosk, and with the same person, that %s', async (_, starts, ends) => {
		const place = { kiosk: await aKiosk(), person: (await someone()).person.id };
		await create(place, at('10:00'), at('11:00'));
		const sameKiosk = { kiosk: place.kiosk, person: (await someone()).person.id };
		await expect(create(sameKiosk, at(starts), at(ends))).rejects.toMatchObject({ kind: 'conflict', field: 'kiosk' });
		const samePerson = { kiosk: await aKiosk(), person: place.person };
		await expect(create(samePerson, at(starts), at(ends))).rejects.toMatchObject({ kind: 'conflict', field: 'person' });
	});

	test('takes hours that touch, and the same hour at another kiosk with somebody else', async () => {
		const place = { kiosk: await aKiosk(), person: (await someone()).person.id };
		await create(place, at('10:00'), at('11:15'));
		await create(place, at('11:15'), at('11:30'));
		await create(place, at('09:00'), at('10:00'));
		await create({ kiosk: await aKiosk(), person: (await someone()).person.id }, at('10:00'), at('11:15'));
	});

	test('moves and lengthens an hour only to where there is room, and gives its quarters back when it ends', async () => {
		const place = { kiosk: await aKiosk(), person: (await someone()).person.id };
		const { id } = await create(place, at('10:00'), at('10:30'));
		await create(place, at('11:00'), at('11:30'));
		await expect(change(id, { ends: at('11:15') })).rejects.toMatchObject({ kind: 'conflict' });
		await change(id, { ends: at('11:00') });
		await change(id, { state: 'cancelled' });
		const next = await create(place, at('10:00'), at('11:00'));
		// What was given back cannot come back over the one who has it now.
		await expect(change(id, { state: 'booked' })).rejects.toMatchObject({ kind: 'conflict' });
		await change(next.id, { state: 'kept' });
		await expect(create(place, at('10:30'), at('10:45'))).rejects.toMatchObject({ kind: 'conflict' });
		await change(next.id, { state: 'no_show' });
		await create(place, at('10:30'), at('10:45'));
	});

	test('tells the hour that comes twice in autumn apart', async () => {
		const place = { kiosk: await aKiosk(), person: (await someone()).person.id };
		// 03.30 in summer time, and 03.30 again an hour later.
		await create(place, at('00:30', '2027-10-31'), at('01:00', '2027-10-31'));
		await create(place, at('01:30', '2027-10-31'), at('02:00', '2027-10-31'));
		await expect(create(place, at('00:45', '2027-10-31'), at('01:15', '2027-10-31'))).rejects.toMatchObject({
			kind: 'conflict'
		});
	});

	test('takes no hour without somebody who serves at that office, none that ends before it begins or lasts a day', async () => {
		const kiosk = await aKiosk();
		const { person } = await someone();
		const stranger = await plant.person(house, ['contact_person']);
		for (const one of ['', stranger.person.id]) {
			await expect(create({ kiosk, person: one }, at('10:00'), at('11:00'))).rejects.toMatchObject({ kind: 'invalid' });
		}
		const place = { kiosk, person: person.id };
		await expect(create(place, at('11:00'), at('10:00'))).rejects.toMatchObject({ kind: 'invalid' });
		await expect(create(place, at('10:00'), at('10:15', '2027-01-12'))).rejects.toMatchObject({ kind: 'invalid' });
	});

	test('lets one of twenty through that come at once, with lengths of their own round one quarter, in each of a hundred rounds', async () => {
		const [first, second] = [await someone(), await someone()];
		const kiosks = [await aKiosk(), await aKiosk()];
		for (let round = 0; round < 100; round++) {
			const middle = Date.UTC(2028, 0, 1) + round * 24 * 3600_000;
			const quarter = (steps: number): string => new Date(middle + steps * 15 * 60_000).toISOString();
			// Half of the rounds are about one kiosk, the others about one person at two kiosks.
			const placeOf = (one: number): Place =>
				round % 2
					? { kiosk: kiosks[0] ?? '', person: (one % 2 ? first : second).person.id }
					: { kiosk: kiosks[one % 2] ?? '', person: first.person.id };
			const tries = Array.from({ length: 20 }, (_, one) =>
				create(placeOf(one), quarter(-(one % 5)), quarter(1 + ((one * 7 + round) % 6)))
			);
			const results = await Promise.allSettled(tries);
			expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
			for (const result of results) {
				if (result.status === 'rejected') expect(result.reason).toMatchObject({ kind: 'conflict' });
			}
		}
	});
});
