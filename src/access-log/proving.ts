import type { Verdict } from './verify.ts';

/** The last verification of this process: when it was, and what it found. */
export interface Proof {
	at: Date;
	verdict: Verdict;
}

const everyMs = 24 * 3600_000;

/** Verifies a log now and once a day until it is stopped; `verify` keeps what it found. */
export function startProving(verify: () => Promise<unknown>, { pauseMs = everyMs } = {}): { stop(): void } {
	let stopped = false;
	let timer: NodeJS.Timeout | undefined;
	const begin = (): void => {
		const next = (): void => {
			if (!stopped) timer = setTimeout(begin, pauseMs).unref();
		};
		verify().then(next, next);
	};
	begin();
	return {
		stop() {
			stopped = true;
			clearTimeout(timer);
		}
	};
}
