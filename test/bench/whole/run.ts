import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runOne } from '../../support/named.ts';
import { aimOf, rounded, type Figure } from './figure.ts';
import { machine } from './machine.ts';
import { results } from './results.ts';
import { short } from './short.ts';

// `npm run bench`: all of them, with the words for a short run, one after the other; then all their figures in one
// table. `--write` puts that table into RESULTS.md.

const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, 'figures');
writeFileSync(file, '');
const state = await machine();
console.table(state);

const began = performance.now();
const took: Record<string, string> = {};
const failed: string[] = [];
for (const [name, words] of Object.entries(short)) {
	const beganOne = performance.now();
	if (!runOne('bench', name, words, { KUUNTELUPISTE_FIGURES: file })) failed.push(name);
	took[name] = `${Math.round((performance.now() - beganOne) / 1000)} s`;
}
const minutes = (performance.now() - began) / 60_000;
const figures = readFileSync(file, 'utf8')
	.split('\n')
	.filter(Boolean)
	.map((line) => JSON.parse(line) as Figure & { bench: string });

console.log('\nAll of it');
console.table(
	figures.map(({ bench, what, figure, unit = '×', ...aim }) => ({
		bench,
		what,
		figure: `${rounded(figure)} ${unit}`,
		aim: aimOf({ what, figure, ...aim })
	}))
);
console.log(`${minutes.toFixed(1)} minutes`, took);
if (failed.length > 0) {
	console.error(`failed: ${failed.join(', ')}`);
	process.exitCode = 1;
} else if (process.argv.includes('--write')) {
	const place = new URL('../RESULTS.md', import.meta.url);
	writeFileSync(place, results({ state, figures, took, minutes }));
	console.log('test/bench/RESULTS.md is written');
}
