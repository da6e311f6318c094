import type { Register } from '#register.server.ts';

const everyMs = 10 * 60_000;
/** When a sweep has stopped and asks: nobody answers sooner for being asked more often. */
const whenStoppedMs = 3600_000;

/**
 * Sweeps now and every ten minutes until it is stopped. Each sweep asks the data what is due, so a pause of whatever
 * length is made good by the first one after it. A sweep that fails is said and tried again.
 */
export function startSweeping(register: Register, { pauseMs = everyMs } = {}): { stop(): Promise<void> } {
	const stopping = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	let running = Promise.resolve();

	async function once(): Promise<number> {
		try {
			const { stopped } = await register.sweeps.run(register, { signal: stopping.signal });
			if (!stopped) return pauseMs;
			register.journal.error('the sweep stopped and asks', { reason: stopped.why, recordings: stopped.due });
			return Math.max(pauseMs, whenStoppedMs);
		} catch (fault) {
			register.journal.error('the sweep failed and is tried again', { fault });
			return pauseMs;
		}
	}

	function begin(): void {
		running = once().then((pause) => {
			if (!stopping.signal.aborted) timer = setTimeout(begin, pause).unref();
		});
	}

	begin();
	return {
		async stop() {
			stopping.abort();
			clearTimeout(timer);
			await running;
		}
	};
}
