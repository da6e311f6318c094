import { expect, test } from '@playwright/test';
import { growth, soak } from '../soak/soak.ts';

// `npm run soak -- --minutes 30` goes on for half an hour.

test('half a minute of visits in a browser and at kiosks beside it: all go to their end, and nothing piles up', async () => {
	test.setTimeout(150_000);
	const { samples, visits, alive, log, faults } = await soak({ minutes: 0.4, browsers: 1, kiosks: 3, everySeconds: 3 });
	expect(faults).toEqual([]);
	expect(alive).toBe(true);
	expect(log).toMatch(/^\d+ entries, intact/);
	expect(visits.browsers).toBeGreaterThan(0);
	expect(visits.synthetic).toBeGreaterThanOrEqual(3);
	expect(growth(samples, 'heap')).toBeLessThan(0.5);
});
