import { writeFileSync } from 'node:fs';
import { tell, rounded } from './whole/figure.ts';
import { backups } from './growth/backups.ts';
import { plot, type Line } from '../support/plot.ts';
import { register } from './growth/register.ts';

// How cost grows with the register: search, the start of a play, a line in the access log, its verification, a sweep,
// a backup. Each is measured at several sizes, and an exponent is fitted: 0 does not grow, 1 grows as the register does.
// `npm run bench -- growth [largest register] [largest backup] [file for the plot]`

const [largest = 1_000_000, largestBackup = 30_000] = process.argv.slice(2, 4).map(Number);
const file = process.argv[4];

/** What each piece of work took, in ms, by the size at which it was measured. */
export type Costs = Map<string, { size: number; ms: number }[]>;
const costs: Costs = new Map();
const note = (work: string, size: number, ms: number): void => {
	costs.set(work, [...(costs.get(work) ?? []), { size, ms }]);
	console.log(`   ${size}: ${work} ${rounded(ms)} ms`);
};

await backups(halfDecades(1000, largestBackup), note);
await register(halfDecades(10_000, largest), note);

/** The aims: what must not grow, and what may grow as the register does. */
const most: Record<string, number> = {
	'search, a page of 50 out of half a year': 0.1,
	'search, a number with many calls': 0.1,
	'search, an agent’s week': 0.1,
	'start of a play': 0.1,
	'a line in the log': 0.1,
	'verifying the log': 1.1,
	backup: 1.1,
	'a sweep, by what is due': 1.1
};
console.table(
	Object.fromEntries(
		[...costs].map(([work, points]) => [
			work,
			{
				...Object.fromEntries(points.map(({ size, ms }) => [size, rounded(ms)])),
				exponent: exponent(points).toFixed(2)
			}
		])
	)
);
for (const [work, points] of costs) {
	const [first, last] = [points[0]?.size, points.at(-1)?.size];
	const aim = most[work];
	tell({
		what: `${work}, ${first} to ${last}`,
		figure: Number(exponent(points).toFixed(3)),
		unit: 'exponent',
		...(aim === undefined ? {} : { most: aim })
	});
}
if (file) {
	const lines = [...costs].map(([work, points]): Line => ({
		name: `${work} (${exponent(points).toFixed(2)})`,
		points: points.map(({ size, ms }) => [size, ms])
	}));
	const title = 'How cost grows with the register (in brackets: the fitted exponent)';
	const x = { label: 'recordings in the register, or entries in the log, or what is due', log: true };
	writeFileSync(file, plot(title, x, { label: 'ms, median', log: true }, lines));
}

/** The slope of the straight line through the points, both axes logarithmic: least squares. */
function exponent(points: readonly { size: number; ms: number }[]): number {
	const logs = points.map(({ size, ms }) => [Math.log(size), Math.log(ms)] as const);
	const mean = (of: (point: readonly [number, number]) => number): number =>
		logs.reduce((sum, point) => sum + of(point), 0) / logs.length;
	const [x, y] = [mean(([a]) => a), mean(([, b]) => b)];
	return mean(([a, b]) => (a - x) * (b - y)) / mean(([a]) => (a - x) ** 2);
}

/** 1,000, 3,000, 10,000, … up to the largest. */
function halfDecades(from: number, to: number): number[] {
	const sizes: number[] = [];
	for (let size = from; size <= to; size *= 10) sizes.push(size, 3 * size);
	return sizes.filter((size) => size <= to);
}
