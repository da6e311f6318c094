import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';

const Said = v.object({
	requests: v.number(),
	seconds: v.number(),
	bytes: v.number(),
	errors: v.number(),
	medianMs: v.number(),
	cpuSeconds: v.number()
});

/** What is asked for: by whom (path and cookie), of how large a file, how many bytes at a random place (0: the whole). */
export interface Asked {
	origin: string;
	asks: readonly { path: string; cookie: string }[];
	size: number;
	length: number;
	connections: number;
}

/**
 * What a second of load gave: millions of bytes a second (answers that were under way at its end count as far as they
 * came), and the median of the whole answers' times. `busy` is the part of a core that the load itself took.
 */
export interface Answered {
	megabytes: number;
	medianMs: number;
	busy: number;
}

/** Loads a server for a second from a process of its own (wrk, in C, one thread). Throws when an answer was not right. */
export async function load({ origin, asks, size, length, connections }: Asked): Promise<Answered> {
	const { stdout } = await promisify(execFile)('wrk', [
		...['--threads', '1', '--connections', String(connections), '--duration', '1s', '--timeout', '10s'],
		...['--script', path.join(import.meta.dirname, 'asking.lua'), origin, '--', String(size), String(length)],
		...asks.flatMap((ask) => [ask.path, ask.cookie])
	]);
	const said = v.parse(Said, JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
	const { requests, bytes, seconds, errors } = said;
	if (errors > 0) throw new Error(`${errors} of ${requests} answers of ${origin} were wrong`);
	if (bytes === 0 || bytes < requests * (length || size)) throw new Error(`answers of ${origin} were too short`);
	return { megabytes: bytes / seconds / 1e6, medianMs: said.medianMs, busy: said.cpuSeconds / seconds };
}
