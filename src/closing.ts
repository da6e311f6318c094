import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from './failures.ts';

/** Whether the server is about to stop: then no visit and no listening begins any more, and what plays goes on. */
export class Closing {
	#begun = false;

	get begun(): boolean {
		return this.#begun;
	}

	begin(): void {
		this.#begun = true;
	}

	/** Says no for that reason, after the log has it. */
	refuse(): never {
		throw new Failure('unavailable', 'closing');
	}
}

/** Resolves when nothing `sounds` any more, when so many seconds are over, or at once when `hurry` says so. */
export async function untilQuiet(
	sounds: () => boolean,
	seconds: number,
	hurry: AbortSignal = new AbortController().signal
): Promise<void> {
	const beganMs = performance.now();
	while (sounds() && performance.now() - beganMs < seconds * 1000) {
		await wait(200, undefined, { signal: hurry }).catch(() => undefined);
		if (hurry.aborted) return;
	}
}
