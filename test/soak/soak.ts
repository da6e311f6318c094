import { chromium } from '@playwright/test';
import { setTimeout as wait } from 'node:timers/promises';
import playwright from '../../playwright.config.ts';
import { takeInCalls } from '../support/at-the-kiosk.ts';
import { furnish } from '../support/people.ts';
import { freePort, serve } from '../support/serving.ts';
import { browsing } from './browsing.ts';
import { openDesk } from './desk.ts';
import { databaseOf, inspect, resident } from './held.ts';
import { synthetic } from './synthetic.ts';

/** What is held at one moment, in bytes. */
export interface Sample {
	/** Since the beginning. */
	seconds: number;
	visits: number;
	/** The server's live heap, and all that its process has in the machine. */
	heap: number;
	server: number;
	database: number;
	/** The live heap of the page of all kiosks that have a browser, at their welcome; NaN before the first visit. */
	browser: number;
}

export interface Soaked {
	samples: Sample[];
	visits: { browsers: number; synthetic: number };
	/** Whether server and database are the processes that they were at the beginning, and answer. */
	alive: boolean;
	/** What `log verify` says at the end. */
	log: string;
	/** What stopped a kiosk before its time. */
	faults: string[];
}

/**
 * Visits without a pause for so many minutes: kiosks with a browser and kiosks without, the contact person who releases
 * them, and a desk and an auditor who look again and again. Samples what server, database and browsers hold.
 */
export async function soak({
	minutes,
	browsers = 2,
	kiosks = 6,
	everySeconds = 10,
	told = () => undefined
}: {
	minutes: number;
	browsers?: number;
	kiosks?: number;
	everySeconds?: number;
	told?: (sample: Sample) => void;
}): Promise<Soaked> {
	const port = await freePort();
	const serving = await serve(furnish, {}, ['env', `NODE_OPTIONS=--inspect=127.0.0.1:${port}`]);
	const open = await Promise.all(
		Array.from({ length: browsers }, () => chromium.launch(playwright.use?.launchOptions))
	);
	const over = new AbortController();
	const faults: string[] = [];
	const visits = { browsers: 0, synthetic: 0 };
	const heaps = new Map<number, number>();
	try {
		const calls = await takeInCalls(serving);
		const desk = await openDesk(serving, calls);
		const server = await inspect(port);
		const database = await databaseOf(server.pid);
		const { signal } = over;
		const noted = (fault: unknown): void => void faults.push(fault instanceof Error ? fault.message : String(fault));
		const work = [
			...open.map((browser, index) =>
				browsing(browser, serving.origin, desk, {
					signal,
					onVisit(heap) {
						visits.browsers++;
						heaps.set(index, heap);
					}
				})
			),
			...Array.from({ length: kiosks }, () =>
				synthetic(serving.origin, desk, calls, { signal, onVisit: () => void visits.synthetic++ })
			),
			again(signal, 2000, () => desk.look('/console/today')),
			again(signal, 5000, () => desk.look('/console/log'))
		].map((one) => one.catch(noted));

		const samples: Sample[] = [];
		const began = performance.now();
		const seconds = (): number => (performance.now() - began) / 1000;
		while (seconds() < minutes * 60) {
			await wait(Math.min(everySeconds, minutes * 60 - seconds()) * 1000);
			const sample = {
				seconds: seconds(),
				visits: visits.browsers + visits.synthetic,
				heap: await server.heap(),
				server: await resident(server.pid),
				database: await resident(database),
				browser: heaps.size < open.length ? NaN : [...heaps.values()].reduce((sum, one) => sum + one, 0)
			};
			samples.push(sample);
			told(sample);
		}
		over.abort();
		await Promise.all(work);
		const answer = await fetch(`${serving.origin}/readyz`);
		const alive = answer.status === 200 && (await databaseOf(server.pid)) === database;
		const { out } = await serving.command('log', 'verify');
		server.close();
		return { samples, visits, alive, log: out.trim(), faults };
	} finally {
		over.abort();
		for (const browser of open) await browser.close();
		await serving.remove();
	}
}

async function again(signal: AbortSignal, everyMs: number, work: () => Promise<void>): Promise<void> {
	while (!signal.aborted) {
		await work();
		await wait(everyMs);
	}
}

/**
 * How much more is held in the last quarter than after the warm-up (the first third), as a share: the medians of a
 * quarter of the samples each.
 */
export function growth(samples: readonly Sample[], of: Exclude<keyof Sample, 'seconds'>): number {
	const warm = samples.slice(Math.floor(samples.length / 3)).map((sample) => sample[of]);
	const quarter = Math.max(1, Math.ceil(samples.length / 4));
	const middle = (some: number[]): number => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)] ?? NaN;
	return middle(warm.slice(-quarter)) / middle(warm.slice(0, quarter)) - 1;
}
