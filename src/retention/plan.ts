import { termOfDay } from '#recordings/term.ts';

/** What a plan must know of a recording. */
export interface Kept {
	readonly id: string;
	readonly destroyAfter: Date;
	/** The end of the longest hold on it; undefined when no hold stands. */
	readonly heldUntil: Date | undefined;
	/** Sealed to a key of its own instead of its day's. */
	readonly ownKey: boolean;
}

export interface DayPlan<K extends Kept> {
	/** Their time is over and nothing holds them. */
	readonly destroy: K[];
	/** Held past their time: sealed to a key of their own before the day's goes. */
	readonly reseal: K[];
	/** Nothing but these needs the day's key any more. */
	readonly keyGoes: boolean;
}

/** Whether a recording is destroyed now (§ 8d): its time is over and no hold stands. */
export function isDue({ destroyAfter, heldUntil }: Kept, now: Date): boolean {
	return now >= destroyAfter && heldUntil === undefined;
}

/**
 * What happens now to the recordings of one Helsinki day of calls, given all of them. A call across midnight ends a day
 * later than its key's day, so the key outlives the longest term that is sealed to it; and it never goes before the
 * term of its own day, for calls that are still to be brought in.
 */
export function plan<K extends Kept>(day: string, recordings: readonly K[], now: Date): DayPlan<K> {
	const keyGoes = now >= termOfDay(day) && recordings.every((one) => one.ownKey || now >= one.destroyAfter);
	return {
		destroy: recordings.filter((one) => isDue(one, now)),
		reseal: recordings.filter((one) => keyGoes && !one.ownKey && !isDue(one, now)),
		keyGoes
	};
}
