/** How long nobody may give a sign of life, and how long of that is left when the warning comes; milliseconds. */
export interface Patience {
	quietMs: number;
	warnMs: number;
}

/** How often in a row somebody may only say that they are still there (WCAG 2.2.1 asks for ten). */
export const mostStays = 10;

/** Watches over an hour at a screen: whether anybody is still there. Its clock is handed in, in milliseconds. */
export class Vigil {
	readonly #patience: Patience;
	readonly #now: () => number;
	#since: number;
	#stays = 0;

	constructor(patience: Patience, now: () => number) {
		this.#patience = patience;
		this.#now = now;
		this.#since = now();
	}

	/** Somebody does something. While it warns only `stay` counts, so that no press is taken for another. */
	touch(): void {
		if (this.left !== undefined) return;
		this.#since = this.#now();
		this.#stays = 0;
	}

	/** Somebody listens: that is a sign of life too, and what warns falls silent. */
	listening(): void {
		this.#since = this.#now();
	}

	/** Somebody says that they are still there. After ten times in a row it changes nothing any more. */
	stay(): void {
		if (!this.mayStay) return;
		this.#stays++;
		this.#since = this.#now();
	}

	get mayStay(): boolean {
		return this.#stays < mostStays;
	}

	/** Whole seconds left while it warns; undefined otherwise. */
	get left(): number | undefined {
		const { warnMs } = this.#patience;
		const leftMs = this.#leftMs;
		return leftMs < warnMs ? Math.max(0, Math.ceil(leftMs / 1000)) : undefined;
	}

	/** Nobody was there for all that time. */
	get over(): boolean {
		return this.#leftMs <= 0;
	}

	get #leftMs(): number {
		return this.#since + this.#patience.quietMs - this.#now();
	}
}
