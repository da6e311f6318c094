/** So far a clock may be set back by itself and still be followed: what is set right within a minute of the start. */
export const allowedBackMs = 60_000;

/**
 * The register's clock while a process runs: the machine's, which may be set meanwhile. One that is set ahead is
 * followed, so that whatever ends has ended (what would destroy something waits, see `retention/breaker.ts`); one that is
 * set back is not: the time goes on as it has passed, so that no session, visit or right lives longer, and the log stays
 * in order. Set ahead and back again, it is right again.
 */
export class Clock {
	readonly #machine: () => number;
	readonly #ticks: () => number;
	readonly #start: { wallMs: number; ticksMs: number };

	/** `machine` is the time in ms since 1970, `ticks` what only runs on, in ms. */
	constructor({ machine = () => Date.now(), ticks = () => performance.now() } = {}) {
		this.#machine = machine;
		this.#ticks = ticks;
		this.#start = { wallMs: machine(), ticksMs: ticks() };
	}

	/** What time it is. */
	now(): Date {
		const machine = this.#machine();
		const passed = this.#start.wallMs + this.#ticks() - this.#start.ticksMs;
		return new Date(passed - machine > allowedBackMs ? passed : machine);
	}

	/** What the machine says, right or not. */
	machine(): Date {
		return new Date(this.#machine());
	}
}
