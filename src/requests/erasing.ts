import type { Register } from '#register.server.ts';
import { eraseRequesters } from './erasure.ts';

const everyMs = 3600_000;

/** Erases what is due now and every hour until it is stopped, never beside a sweep; a failure is said and tried again. */
export function startErasing(register: Register, { pauseMs = everyMs } = {}): { stop(): Promise<void> } {
	let stopped = false;
	let timer: NodeJS.Timeout | undefined;
	let running = Promise.resolve();

	function begin(): void {
		running = register.sweeps
			.alone(() => eraseRequesters(register))
			.then(
				() => undefined,
				(fault: unknown) => register.journal.error('the erasure failed and is tried again in an hour', { fault })
			)
			.then(() => {
				if (!stopped) timer = setTimeout(begin, pauseMs).unref();
			});
	}

	begin();
	return {
		async stop() {
			stopped = true;
			clearTimeout(timer);
			await running;
		}
	};
}
