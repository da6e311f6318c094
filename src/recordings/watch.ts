import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { filesBelow } from './originals.ts';

/** How a folder of exports is watched. */
export interface Watching {
	/** How often it is looked into. */
	everyMs: number;
	/** For how long nothing of an export may have changed before it counts as finished. */
	quietMs: number;
	signal: AbortSignal;
}

/**
 * Gives each export that lies in a folder of its own below `folder` to `take` once nothing of it has changed for a while,
 * and again when it changes later; one after the other, so that a full folder waits and nothing piles up. Ends when the
 * signal says so, after the export in hand.
 */
export async function watch(
	folder: string,
	take: (one: string) => Promise<void>,
	{ everyMs, quietMs, signal }: Watching
): Promise<void> {
	const taken = new Map<string, string>();
	while (!signal.aborted) {
		for (const one of await exportsIn(folder)) {
			if (signal.aborted) return;
			const { print, changedMs } = await lookAt(one);
			if (print === taken.get(one) || Date.now() - changedMs < quietMs) continue;
			await take(one);
			// What the taking itself removed is no change.
			taken.set(one, (await lookAt(one)).print);
		}
		await wait(everyMs, undefined, { signal }).catch(() => undefined);
	}
}

async function exportsIn(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { withFileTypes: true });
	return entries
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => path.join(folder, name))
		.sort();
}

/** What an export is now: its files with their sizes and times, and when the last of them changed. */
async function lookAt(folder: string): Promise<{ print: string; changedMs: number }> {
	const print = createHash('sha256');
	let changedMs = 0;
	for (const file of await filesBelow(folder)) {
		const about = await stat(path.join(folder, file)).catch(() => undefined);
		if (!about) continue;
		print.update(`${file}\0${about.size}\0${about.mtimeMs}\0`);
		changedMs = Math.max(changedMs, about.mtimeMs, about.ctimeMs);
	}
	return { print: print.digest('hex'), changedMs };
}
