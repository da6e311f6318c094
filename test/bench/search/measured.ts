import type { Question } from './overheard.ts';

/** One thing to be measured. */
export interface Way {
	query: string;
	by: 'ours' | 'api' | 'sqlite';
	/** What is made ready first, outside the measuring. */
	prepare?: () => Promise<Question[]>;
	run: (prepared: Question[]) => Promise<unknown>;
}

/** Runs all ways so many times, mixed, and gives a row a query: quantiles in ms and ratios. */
export async function table(ways: readonly Way[], rounds: number): Promise<Record<string, Record<string, number>>> {
	const times = new Map(ways.map((way) => [way, [] as number[]]));
	// A few rounds to warm up, which do not count.
	for (let round = -5; round < rounds; round++) {
		for (const way of shuffled(ways)) {
			const prepared = (await way.prepare?.()) ?? [];
			const began = performance.now();
			await way.run(prepared);
			if (round >= 0) times.get(way)?.push(performance.now() - began);
		}
	}
	const at = (query: string, by: Way['by'], share: number): number => {
		const way = ways.find((one) => one.query === query && one.by === by);
		const sorted = (way ? (times.get(way) ?? []) : []).toSorted((a, b) => a - b);
		return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
	};
	const one = at('getOne', 'api', 0.5);
	const rows = [...new Set(ways.map(({ query }) => query))].map((query) => {
		const by = query === 'getOne' ? 'api' : 'ours';
		const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => at(query, by, share));
		const [api, sqlite] = [at(query, 'api', 0.5), at(query, 'sqlite', 0.5)];
		const figures = {
			p50,
			p95,
			p99,
			'api p50': api,
			'sqlite p50': sqlite,
			'p50/getOne': (p50 ?? NaN) / one,
			'p99/p50': (p99 ?? NaN) / (p50 ?? NaN),
			'p50/api': (p50 ?? NaN) / api,
			'p50/sqlite': (p50 ?? NaN) / sqlite
		};
		return [
			query,
			Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, rounded(figure)]))
		] as const;
	});
	return Object.fromEntries(rows);
}

function rounded(figure = NaN): number {
	return Number(figure.toPrecision(3));
}

function shuffled<T>(some: readonly T[]): T[] {
	return some
		.map((one) => ({ one, at: Math.random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ one }) => one);
}
