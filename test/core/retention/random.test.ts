import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Person } from '#staff/person.ts';
import { randomFrom } from '../access-log/mutate.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { call, day, hour, leftOf, sweepNow, type Planted } from './scene.ts';

// The decision is tested on a thousand random calendars in plan.test.ts; here real sweeps on a real PocketBase, whose
// own rule lets nothing go before its time, so the calendars end before today.

let house: House;
let agent: Person;
beforeAll(async () => {
	house = await openHouse();
	({ person: agent } = await plant.person(house, ['agent']));
});
afterAll(() => house.close());

const rounds = 15;

it(
	'real sweeps on random days and clocks destroy none early and all that are due in one run',
	{ timeout: 240_000 },
	async () => {
		const random = randomFrom(20261124);
		const living = new Map<string, Planted>();
		let [destroyed, kept] = [0, 0];
		for (let round = 0; round < rounds; round++) {
			// Forward in time, as clocks go; a year and a half a round, over month ends, leap days and changes of the clock.
			const base = Date.UTC(1996, 0, 1) + round * 550 * day + random(400) * day;
			for (let count = 0; count < 1 + random(4); count++) {
				const one = await call(house, agent, new Date(base + random(3 * 24) * hour + random(3600) * 1000), {
					minutes: 1 + random(90)
				});
				living.set(one.id, one);
			}
			const edges = [...living.values()].map(({ due }) => due.getTime());
			const edge = edges[random(edges.length)] ?? base;
			house.clock.now = new Date(edge + ([-1, 0, 1, -hour, hour, random(200) * hour][random(6)] ?? 0));
			await sweepNow(house);
			for (const one of living.values()) {
				const left = await leftOf(house, one);
				if (house.clock.now >= one.due) {
					expect(left).toMatchObject({ row: false, folder: false, certified: true });
					living.delete(one.id);
					destroyed++;
				} else {
					expect(left).toMatchObject({ row: true, folder: true, opens: true, certified: false });
					kept++;
				}
			}
		}
		expect(destroyed).toBeGreaterThan(10);
		expect(kept).toBeGreaterThan(3);
	}
);
