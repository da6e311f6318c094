import { RateLimiterMemory } from 'rate-limiter-flexible';

const mostWrong = 5;
const mostAtOffice = 50;

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

/**
 * Wrong codes at each kiosk: five in a quarter of an hour lock it. And at each office, where fifty in an hour are an
 * alarm: somebody guesses at many kiosks, or unlocks and guesses on. In memory only.
 */
export class CodeLimits {
	readonly #counts = new RateLimiterMemory({ points: mostWrong, duration: 15 * 60 });
	readonly #atOffices = new RateLimiterMemory({ points: mostAtOffice, duration: 60 * 60 });
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

	/** How many wrong codes in this hour at an office that has too many; undefined at every other. */
	async tooManyAt(office: string): Promise<{ count: number; endsInMs: number } | undefined> {
		const counted = await this.#atOffices.get(office);
		if (!counted || counted.consumedPoints < mostAtOffice) return undefined;
		return { count: counted.consumedPoints, endsInMs: counted.msBeforeNext };
	}

	/** Counts one. Gives whether it is the one that makes them too many at its office. */
	async wrong({ id, office }: { id: string; office: string }, reason: string): Promise<{ alarm: boolean }> {
		this.#reasons.set(id, reason);
		await this.#counts.penalty(id);
		const { consumedPoints } = await this.#atOffices.penalty(office);
		return { alarm: consumedPoints === mostAtOffice };
	}

	/** A kiosk begins anew; its office's hour goes on. */
	async forget(kiosk: string): Promise<void> {
		this.#reasons.delete(kiosk);
		await this.#counts.delete(kiosk);
	}
}
