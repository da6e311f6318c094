/** How long nobody may give a sign of life, and how long of that is left when the warning comes; milliseconds. */
interface Patience {
	quietMs: number;
	warnMs: number;
}

/** Notices that nobody is there any more, warns, and then says so. */
export class Idle {
	/** Whole seconds left while it warns; undefined otherwise. */
	left = $state<number>();
	#since = 0;

	/** Somebody is there. */
	touch(): void {
		this.#since = Date.now();
		this.left = undefined;
	}

	/** Watches until the returned function is called. `busy` says that somebody listens, which is a sign of life. */
	watch({ quietMs, warnMs }: Patience, busy: () => boolean, gone: () => void): () => void {
		this.touch();
		const tick = setInterval(() => {
			if (busy()) return this.touch();
			const leftMs = this.#since + quietMs - Date.now();
			this.left = leftMs < warnMs ? Math.max(0, Math.ceil(leftMs / 1000)) : undefined;
			if (leftMs > 0) return;
			this.touch();
			gone();
		}, 1000);
		return () => {
			clearInterval(tick);
			this.left = undefined;
		};
	}
}
