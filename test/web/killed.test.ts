import { expect, it } from 'vitest';
import { randomFrom } from '../core/access-log/mutate.ts';
import { killCycles } from '../faults/kills/cycles.ts';

// A few of the kills of `npm run faults -- kills`.

it('a server that is killed with its database, or one of the two, loses nothing that it has said to be done', async () => {
	const { tallies, faults } = await killCycles(5, { random: randomFrom(3) });
	expect(faults).toEqual([]);
	// Bookings and plays go on until they are stopped.
	const caught = tallies.filter((tally) => tally.caught > 0).map(({ deed }) => deed);
	expect(caught).toEqual(expect.arrayContaining(['booking', 'play']));
});
