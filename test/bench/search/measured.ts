import { rounded } from '../whole/figure.ts';
import type { Question } from './overheard.ts';

/** One thing to be measured. */
export interface Way {
	query: string;
	by: 'page' | 'search' | 'api' | 'sqlite';
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
		const by = query === 'getOne' ? 'api' : 'search';
		const [p50 = NaN, p95, p99 = NaN] = [0.5, 0.95, 0.99].map((share) => at(query, by, share));
		const [page, api = NaN, sqlite = NaN] = (['page', 'api', 'sqlite'] as const).map((other) => at(query, other, 0.5));
		const ratios = { '/getOne': p50 / one, '/api': p50 / api, '/sqlite': p50 / sqlite };
		const figures = {
			p50,
			p95,
			p99,
			'p99/p50': p99 / p50,
			...ratios,
			page,
			'page p99': at(query, 'page', 0.99),
			api,
			sqlite
		};
		return [
			query,
			Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, rounded(figure ?? NaN)]))
		] as const;
	});
	return Object.fromEntries(rows);
}

/** The query with the largest of these figures. */
export function slowest(rows: Record<string, Record<string, number>>, name: string): { query: string; figure: number } {
	const found = Object.entries(rows).map(([query, row]) => ({ query, figure: row[name] ?? NaN }));
	return found.filter(({ figure }) => figure > 0).sort((a, b) => b.figure - a.figure)[0] ?? { query: '', figure: NaN };
}

function shuffled<T>(some: readonly T[]): T[] {
	return some
		.map((one) => ({ one, at: Math.random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ one }) => one);
}
