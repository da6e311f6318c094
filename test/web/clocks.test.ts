import { expect, it } from 'vitest';
import { clockCases } from '../faults/clocks/cases.ts';

// Two of the cases of `npm run faults -- clocks`, with the real server.

it('a clock that is set under a running server prolongs nothing, destroys nothing, and leaves the log in order', async () => {
	expect(await clockCases({ only: ['a year ahead', 'a day back'] })).toEqual([
		{ name: 'a year ahead', wrong: [] },
		{ name: 'a day back', wrong: [] }
	]);
});
