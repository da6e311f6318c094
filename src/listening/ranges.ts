/** Parts of a recording in whole seconds, in order and apart from each other. */
export type Ranges = readonly (readonly [from: number, to: number])[];

const most = 40;

/** What a player told, as `0-12,30-45`; what is not of this form is nothing. */
export function told(text: string): Ranges {
	return text.split(',').flatMap((part) => {
		const [, from, to] = /^(\d{1,5})-(\d{1,5})$/.exec(part) ?? [];
		return from !== undefined && to !== undefined && Number(from) < Number(to)
			? [[Number(from), Number(to)] as const]
			: [];
	});
}

/**
 * Two lists in one, within a recording of so many seconds. Of more than forty parts the nearest are joined, so that the
 * line in the log stays short: then it says rather more than what was heard than less.
 */
export function joined(some: Ranges, more: Ranges, seconds: number): Ranges {
	const inside = [...some, ...more].map(([from, to]) => [from, Math.min(to, seconds)] as const);
	const sorted = inside.filter(([from, to]) => from < to).sort(([a], [b]) => a - b);
	const parts: [number, number][] = [];
	for (const [from, to] of sorted) {
		const last = parts.at(-1);
		if (last && from <= last[1]) last[1] = Math.max(last[1], to);
		else parts.push([from, to]);
	}
	while (parts.length > most) {
		const gaps = parts.slice(1).map(([from], index) => from - (parts[index]?.[1] ?? 0));
		const nearest = gaps.indexOf(Math.min(...gaps));
		const [next] = parts.splice(nearest + 1, 1);
		const last = parts[nearest];
		if (last && next) last[1] = next[1];
	}
	return parts;
}

/** As it stands in the log; undefined for nothing. */
export function written(ranges: Ranges): string | undefined {
	return ranges.length > 0 ? ranges.map(([from, to]) => `${from}-${to}`).join(',') : undefined;
}
