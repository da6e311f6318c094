/** The lengths that an hour at a kiosk may have, in minutes: whole quarters of an hour, at most eight hours. */
export const lengths: readonly number[] = Array.from({ length: 32 }, (_, quarters) => 15 * (quarters + 1));

/**
 * How many minutes to set aside for these recordings: each may be heard twice, and a quarter of an hour goes to the
 * document, the headset and the notice; in whole quarters of an hour.
 */
export function lengthFor(durationsMs: readonly number[]): number {
	const sound = durationsMs.reduce((sum, one) => sum + one, 0) / 60_000;
	const minutes = Math.ceil((2 * sound + 15) / 15) * 15;
	return Math.min(minutes, lengths.at(-1) ?? minutes);
}
