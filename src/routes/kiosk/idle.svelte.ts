import { Vigil, type Patience } from './vigil.ts';

interface Watched {
	/** Somebody listens, which is a sign of life. */
	busy: () => boolean;
	/** It begins to warn. */
	warns?: () => void;
	/** Nobody is there any more. */
	gone: () => void;
}

/**
 * Notices that nobody is there any more, warns, and then says so. By a clock that only runs on: a device whose time of
 * day is set right in the middle of a visit does not end it.
 */
export class Idle {
	/** Whole seconds left while it warns; undefined otherwise. */
	left = $state<number>();
	/** Whether saying "still here" helps once more. */
	mayStay = $state(true);
	#vigil: Vigil | undefined;

	/** Somebody does something. */
	touch(): void {
		this.#vigil?.touch();
	}

	/** Somebody says that they are still there. */
	stay(): void {
		this.#vigil?.stay();
		this.#show();
	}

	/** Watches until the returned function is called. */
	watch(patience: Patience, { busy, warns, gone }: Watched): () => void {
		const vigil = new Vigil(patience, () => performance.now());
		this.#vigil = vigil;
		this.#show();
		const tick = setInterval(() => {
			if (busy()) vigil.listening();
			const warned = this.left !== undefined;
			this.#show();
			if (vigil.over) {
				vigil.listening();
				gone();
			} else if (!warned && this.left !== undefined) warns?.();
		}, 1000);
		return () => {
			clearInterval(tick);
			this.#vigil = undefined;
			this.left = undefined;
		};
	}

	#show(): void {
		this.left = this.#vigil?.left;
		this.mayStay = this.#vigil?.mayStay ?? true;
	}
}
