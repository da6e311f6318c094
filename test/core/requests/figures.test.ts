import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { daysWithin } from '#requests/answering.ts';
import { figures } from '#requests/figures.ts';
import { newClient } from '#pocketbase/pocketbase.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';

let house: House;
beforeAll(async () => {
	house = await openHouse();
});
afterAll(() => house.close());

describe('days to answer', () => {
	it('within which half, and nine of ten, were answered', () => {
		const days = [1, 2, 3, 4, 5, 6, 7, 8, 9, 30].map((days) => ({ days, number: 1 }));
		expect(daysWithin(0.5, days)).toBe(5);
		expect(daysWithin(0.9, days)).toBe(9);
		expect(daysWithin(1, days)).toBe(30);
		expect(
			daysWithin(0.5, [
				{ days: 3, number: 99 },
				{ days: 1, number: 1 }
			])
		).toBe(3);
		expect(daysWithin(0.5, [])).toBeUndefined();
	});
});

it('a year is counted from the register and the log, by an auditor, in the log first; months are Helsinki’s', async () => {
	const contact = await plant.person(house, ['contact_person']);
	const auditor = await plant.person(house, ['auditor'], { trainedFor: null });
	await plant.person(house, ['agent'], { trainedFor: -1 });
	const office = await plant.office(house);
	const kiosk = await plant.kiosk(house, office.id, contact.person.id);
	const asked = (received: string, closed = '', fields = {}) =>
		plant.request(house, contact.person.id, { received, closed, due: '2025-07-31 21:00:00.000Z', ...fields });
	// The first of July in Helsinki is still June in UTC.
	const first = await asked('2025-06-30 21:00:00.000Z', '2025-07-04 09:00:00.000Z', {
		state: 'closed',
		closed_as: 'heard'
	});
	await asked('2025-07-02 09:00:00.000Z', '2025-08-01 09:00:00.000Z', { state: 'closed', closed_as: 'withdrawn' });
	await asked('2025-12-31 20:30:00.000Z');
	await asked('2026-01-02 09:00:00.000Z');
	const place = { request: first.id, office: office.id, kiosk: kiosk.id, bookedBy: contact.person.id };
	await plant.appointment(house, place, { starts: '2025-07-03 09:00:00.000Z', state: 'no_show' });
	house.clock.now = new Date('2025-07-03T09:00:00Z');
	await house.register.accessLog.append(
		(['subject_access', 'subject_access', 'verify_call'] as const).map((purpose) => ({
			action: 'listen_begin',
			role: 'customer',
			outcome: 'done',
			purpose
		}))
	);
	house.clock.now = undefined;

	const counted = await figures(house.register, auditor, 2025);
	expect(counted.requests.filter(({ number }) => number > 0)).toEqual([
		{ name: '07', number: 2 },
		{ name: '12', number: 1 }
	]);
	expect(counted.answering).toEqual({ answered: 2, inTime: 1, median: 3, p90: 30 });
	expect(counted.endings).toEqual(
		expect.arrayContaining([
			{ name: 'heard', number: 1 },
			{ name: 'withdrawn', number: 1 }
		])
	);
	expect(counted.appointments).toEqual([{ name: 'no_show', number: 1 }]);
	expect(counted.listening).toEqual([
		{ name: 'subject_access', number: 2 },
		{ name: 'verify_call', number: 1 }
	]);
	expect(counted.training).toEqual([
		{ name: 'agent expired', number: 1 },
		{ name: 'auditor missing', number: 1 },
		{ name: 'contact_person trained', number: 1 }
	]);
	expect((await house.register.accessLog.read({ limit: 1 }))[0]).toMatchObject({
		action: 'view_figures',
		actor: auditor.person.id
	});
	expect((await figures(house.register, auditor, 2024)).answering.median).toBeUndefined();
	await expect(figures(house.register, contact, 2025)).rejects.toMatchObject({ reason: 'wrong_role' });
});

it('the counts are an auditor’s only, and hold no id and no text of a row', async () => {
	const auditor = await plant.person(house, ['auditor']);
	const others = [
		newClient(house.url),
		house.register.pocketbase.service,
		(await plant.person(house, ['contact_person'])).as,
		(await plant.person(house, ['maintainer'])).as
	];
	for (const name of ['request_figures', 'appointment_figures', 'hold_figures', 'training_figures']) {
		for (const as of others) {
			const seen = await as
				.collection(name)
				.getList(1, 1)
				.then(
					({ items }) => items.length,
					() => 0
				);
			expect([name, seen]).toEqual([name, 0]);
		}
		const { items } = await auditor.as.collection(name).getList(1, 100);
		for (const row of items) expect(JSON.stringify(row)).not.toMatch(/"[a-z0-9]{15}"|Testi|esimerkki/);
	}
	expect((await auditor.as.collection('request_figures').getList(1, 1)).items).toHaveLength(1);
});
