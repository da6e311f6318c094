const warnMs = 5 * 60_000;
const minuteMs = 60_000;

/** What a visitor is told of their hour: nothing yet, so many whole minutes left, or that it is over. */
export type HourLeft = 'enough' | { minutes: number } | 'over';

/** What is told when so much is left; the last five minutes are announced. */
export function hourLeft(leftMs: number): HourLeft {
	if (leftMs <= 0) return 'over';
	return leftMs <= warnMs ? { minutes: Math.ceil(leftMs / minuteMs) } : 'enough';
}
