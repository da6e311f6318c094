/** So many requests were answered after so many days. */
export interface Answered {
	days: number;
	number: number;
}

/**
 * After how many days the given share of the requests was answered: the smallest number of days within which at least
 * that share was. Undefined when none was.
 */
export function daysWithin(share: number, answered: readonly Answered[]): number | undefined {
	const total = sum(answered);
	if (total === 0) return undefined;
	let so = 0;
	for (const { days, number } of answered.toSorted((a, b) => a.days - b.days)) {
		so += number;
		if (so >= share * total) return days;
	}
	return undefined;
}

/** How many there are together. */
export function sum(rows: readonly { number: number }[]): number {
	return rows.reduce((so, { number }) => so + number, 0);
}
