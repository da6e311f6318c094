const minute = 60_000;
/** Where one class of lengths ends and the next begins, in ms; as in the migration that keeps `length_class`. */
const edges = [1, 2, 3, 5, 8, 12, 20, 30, 60].map((minutes) => minutes * minute);

/** A stretch of lengths in ms: from is included, to is not; what is not given has no end. */
export interface Lengths {
	readonly from?: number | undefined;
	readonly to?: number | undefined;
}

/** Which class a call of this length is in, from 0. */
export function classOf(durationMs: number): number {
	const found = edges.findIndex((edge) => durationMs < edge);
	return found < 0 ? edges.length : found;
}

/** The classes in which a call of such a length may be; undefined when it may be in any, so that they do not narrow. */
export function classesOf({ from = 0, to = Infinity }: Lengths): number[] | undefined {
	const [first, last] = [classOf(Math.max(0, from)), classOf(to - 1)];
	if (first === 0 && last === edges.length) return undefined;
	return Array.from({ length: Math.max(0, last - first + 1) }, (_, count) => first + count);
}
