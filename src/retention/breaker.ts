/** Why a sweep stops and asks. */
export type StopReason = 'more_than_usual' | 'clock_jumped' | 'long_silence';

export interface Circumstances {
	/** How many recordings would be destroyed. */
	readonly due: number;
	/** How many holds would end. */
	readonly ending?: number | undefined;
	/** How many a usual day of calls has; undefined when there is none to compare with. */
	readonly usual: number | undefined;
	/** By how much the clock went further than the time that passed since the start, in ms. */
	readonly driftMs: number;
	/** How long before the start nothing had been logged, in ms: a pause, or a clock that is wrong. */
	readonly silenceMs: number;
	/** The number of recordings that an operator has agreed to. */
	readonly agreed?: number | undefined;
}

/** So few are never more than usual. */
export const few = 10;
const timesUsual = 3;
const driftAllowedMs = 10 * 60_000;
const silenceAllowedMs = 7 * 24 * 3600_000;

/**
 * Whether a sweep stops before it has begun: it would destroy more than three usual days' worth, or the clock cannot be
 * trusted. What is destroyed does not come back, and what is kept a day longer does no more harm than a late sweep.
 * An operator who names the very number of recordings lets it go on.
 */
export function stopReason({ due, ending = 0, usual, agreed, ...clock }: Circumstances): StopReason | undefined {
	if (due === agreed || (due === 0 && ending === 0)) return undefined;
	const doubt = clockDoubt(clock);
	if (doubt) return doubt;
	if (due > Math.max(few, timesUsual * (usual ?? 0))) return 'more_than_usual';
	return undefined;
}

/** Why the clock cannot be trusted; undefined when it can. While it cannot, nothing is ended that would not come back. */
export function clockDoubt({ driftMs, silenceMs }: Pick<Circumstances, 'driftMs' | 'silenceMs'>) {
	if (driftMs > driftAllowedMs) return 'clock_jumped';
	return silenceMs > silenceAllowedMs ? 'long_silence' : undefined;
}

/** The usual day: the median of the days that had any; undefined without one. */
export function usualDay(counts: readonly number[]): number | undefined {
	const some = counts.filter((count) => count > 0).sort((a, b) => a - b);
	return some[Math.floor(some.length / 2)];
}
