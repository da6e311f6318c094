import { expect, test } from '@playwright/test';
import { takeInCalls } from '../support/at-the-kiosk.ts';
import { manyVisits } from '../support/many-visits.ts';
import { furnish } from '../support/people.ts';
import { serveHere } from '../support/serving-by-clock.ts';

// `npm run faults -- hundred-visits` goes on to a hundred, and measures how the heap grows.

test('visits one after the other leave nothing in the browser and no line at the server', async ({ browser }) => {
	test.setTimeout(200_000);
	const serving = await serveHere(furnish);
	const held = await manyVisits(browser, serving, await takeInCalls(serving), { visits: 4 });
	await serving.remove();
	for (const { documents, media, lines } of held) {
		expect([documents, media, lines]).toEqual([held[0]?.documents, 0, 1]);
	}
});
