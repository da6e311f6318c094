import { chromium } from '@playwright/test';
import playwright from '../../playwright.config.ts';
import { takeInCalls } from '../support/at-the-kiosk.ts';
import { manyVisits } from '../support/many-visits.ts';
import { furnish } from '../support/people.ts';
import { serveHere } from '../support/serving-by-clock.ts';

// Whether a kiosk stays as it is, visit after visit: the heap grows by less than a tenth from the fifth to the last, no
// media element stays, no event line is left at the server.
// `npm run faults -- hundred-visits [visits]`

const [visits = 100] = process.argv.slice(2).map(Number);
const serving = await serveHere(furnish);
const browser = await chromium.launch(playwright.use?.launchOptions);
const size = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
try {
	const held = await manyVisits(browser, serving, await takeInCalls(serving), {
		visits,
		told(visit, { heap, documents, media, lines }) {
			if (visit % 10 === 0 || visit === 5) {
				console.log(`visit ${visit}: heap ${size(heap)}, documents ${documents}, media ${media}, lines ${lines}`);
			}
		}
	});
	const [settled, last] = [held[4], held.at(-1)];
	if (!settled || !last) throw new Error('too few visits to compare');
	const growth = last.heap / settled.heap - 1;
	console.log(`${visits} visits: the heap grew by ${(growth * 100).toFixed(1)} % from the fifth to the last`);
	const left = held.filter(({ media, lines }) => media > 0 || lines > 1);
	if (left.length > 0) console.error(`${left.length} visits left a media element or an event line behind`);
	if (growth >= 0.1 || left.length > 0) process.exitCode = 1;
} finally {
	await browser.close();
	await serving.remove();
}
