import { RateLimiterMemory } from 'rate-limiter-flexible';

const mostWrong = 5;

/** How a kiosk stands with wrong codes. */
export interface WrongCodes {
	/** How many in this quarter of an hour. */
	count: number;
	/** Whether it takes no more codes until the quarter of an hour is over or a contact person unlocks it. */
	locked: boolean;
	/** How long until it is forgotten, in milliseconds. */
	endsInMs: number;
	/** Why the last one was refused, as a code; for staff, never for the visitor. */
	reason: string;
}

/** Wrong codes at each kiosk: five in a quarter of an hour lock it. In memory only. */
export class CodeLimits {
	readonly #counts = new RateLimiterMemory({ points: mostWrong, duration: 15 * 60 });
	readonly #reasons = new Map<string, string>();

	/** Undefined while there were none. */
	async of(kiosk: string): Promise<WrongCodes | undefined> {
		const counted = await this.#counts.get(kiosk);
		if (!counted) return undefined;
		return {
			count: counted.consumedPoints,
			locked: counted.consumedPoints >= mostWrong,
			endsInMs: counted.msBeforeNext,
			reason: this.#reasons.get(kiosk) ?? 'wrong_code'
		};
	}

	async wrong(kiosk: string, reason: string): Promise<void> {
		this.#reasons.set(kiosk, reason);
		await this.#counts.penalty(kiosk);
	}

	async forget(kiosk: string): Promise<void> {
		this.#reasons.delete(kiosk);
		await this.#counts.delete(kiosk);
	}
}
