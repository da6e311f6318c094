import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

let house: House;
beforeAll(async () => {
	house = await openHouse();
});
afterAll(() => house.close());

describe('changes of one row at once', () => {
	// PocketBase writes a row back whole: without turns about every third of these rounds loses a change.
	it('are all kept, though several people and the server itself make them', async () => {
		const desk = await plant.person(house, ['contact_person']);
		const colleague = await plant.person(house, ['contact_person']);
		const { service } = house.register.pocketbase;
		for (let round = 0; round < 20; round++) {
			const { id } = await plant.request(house, desk.person.id);
			await Promise.all([
				service.collection('requests').update(id, { 'wishes+': 'copy' }, { fields: 'id' }),
				service.collection('requests').update(id, { 'wishes+': 'talk' }, { fields: 'id' }),
				desk.as.collection('requests').update(id, { state: 'matched' }),
				colleague.as.collection('requests').update(id, { reach: 'by letter' })
			]);
			const { wishes, state, reach } = await house.superuser.collection('requests').getOne(id);
			expect({ wishes: [...wishes].sort(), state, reach }, `round ${round}`).toEqual({
				wishes: ['copy', 'talk'],
				state: 'matched',
				reach: 'by letter'
			});
		}
	});

	it('go on after one that was refused', async () => {
		const desk = await plant.person(house, ['contact_person']);
		const { id } = await plant.request(house, desk.person.id);
		const both = await Promise.allSettled([
			desk.as.collection('requests').update(id, { state: 'no such state' }),
			desk.as.collection('requests').update(id, { state: 'matched' })
		]);
		expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
	});
});
