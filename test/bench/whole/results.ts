import { aimOf, rounded, type Figure } from './figure.ts';
import { short } from './short.ts';

/** RESULTS.md: the figures of one whole run, as what they are. */
export function results({
	state,
	figures,
	took,
	minutes
}: {
	state: Record<string, string>;
	figures: (Figure & { bench: string })[];
	took: Record<string, string>;
	minutes: number;
}): string {
	const lines = figures.map(({ bench, what, figure, unit = '×', ...aim }) =>
		row(bench, what, `${rounded(figure)} ${unit}`, aimOf({ what, figure, ...aim }))
	);
	const runs = Object.entries(short).map(([name, words]) => row(`${name} ${words.join(' ')}`.trim(), took[name] ?? ''));
	return `# Results of one run

Written by \`npm run bench -- --write\`, which took ${minutes.toFixed(1)} minutes. These are the figures of one run on one machine, in the sizes that
a short run has; they promise nothing of another machine. What carries over are the ratios (×): ours beside a
real thing that did the same work in the same run. An aim that is not met is said to be so.

| the machine | |
| --- | --- |
${Object.entries(state)
	.map(([name, value]) => row(name, value))
	.join('\n')}

| bench | what | figure | aim |
| --- | --- | --- | --- |
${lines.join('\n')}

| run | took |
| --- | --- |
${runs.join('\n')}
`;
}

function row(...cells: string[]): string {
	return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
