import type { Register } from '#register.server.ts';
import { Turns } from '#turns.ts';
import { clockDoubt } from './breaker.ts';
import { sweep } from './sweep.ts';
import type { Orders, Swept } from './sweeping.ts';

/** How the last sweep of this process went; `failed` is a reason's code. */
export interface LastSweep {
	at: Date;
	swept?: Swept;
	failed?: string;
}

/** The sweeps of this process, one at a time, with a watch on the clock by which they go. */
export class Sweeps {
	readonly #turns = new Turns();
	#trusted: { wallMs: number; ticksMs: number };
	#opened: Date | undefined;
	last: LastSweep | undefined;

	/** `now` is the register's time at its opening. */
	constructor(now: Date) {
		this.#trusted = { wallMs: now.getTime(), ticksMs: performance.now() };
		this.#opened = now;
	}

	/** Sweeps; a sweep that an operator agreed to makes the clock, as it is now, the one to trust. */
	run(register: Register, orders: Pick<Orders, 'agreed' | 'signal'> = {}): Promise<Swept> {
		return this.#turns.take('sweep', async () => {
			const at = register.now();
			try {
				const swept = await sweep(register, { ...orders, ...(await this.#clock(register)) });
				this.last = { at, swept };
				if (orders.agreed !== undefined && !swept.stopped) this.#trust(register);
				return swept;
			} catch (fault) {
				this.last = { at, failed: fault instanceof Error && 'reason' in fault ? String(fault.reason) : 'fault' };
				throw fault;
			}
		});
	}

	/** Does something that no sweep may run beside. */
	alone<T>(work: () => Promise<T>): Promise<T> {
		return this.#turns.take('sweep', work);
	}

	/** Why the clock cannot be trusted now; undefined when it can. */
	async doubt(register: Register): Promise<ReturnType<typeof clockDoubt>> {
		return clockDoubt(await this.#clock(register));
	}

	#trust(register: Register): void {
		this.#trusted = { wallMs: register.now().getTime(), ticksMs: performance.now() };
		this.#opened = undefined;
	}

	/** How far the clock has run away since the start, and how long the log had been silent before it. */
	async #clock(register: Register): Promise<Pick<Orders, 'driftMs' | 'silenceMs'>> {
		const passedMs = performance.now() - this.#trusted.ticksMs;
		const driftMs = register.now().getTime() - this.#trusted.wallMs - passedMs;
		const opened = this.#opened;
		const [before] = opened
			? await register.accessLog.read({ limit: 1, where: { to: opened.toISOString() } })
			: [undefined];
		return { driftMs, silenceMs: opened && before ? opened.getTime() - Date.parse(before.at) : 0 };
	}
}
