import { appendFileSync } from 'node:fs';
import path from 'node:path';

/** What a benchmark found: one line of the table that the whole of them ends with. */
export interface Figure {
	/** What was measured, and beside what: `search at 300,000 calls, beside bare SQLite`. */
	what: string;
	figure: number;
	/** `×` unless told: how many times the other thing's. */
	unit?: '×' | 'ms' | 'kB' | '%' | 'exponent' | 's' | 'MB';
	/** The aim, where there is one. */
	most?: number;
	least?: number;
}

/** Says a figure and whether its aim is met, and hands it on to the table of the whole run when this is part of one. */
export function tell(...figures: Figure[]): void {
	const bench = path.basename(process.argv[1] ?? '', '.ts');
	for (const one of figures) {
		console.log(`   ${one.what}: ${rounded(one.figure)} ${one.unit ?? '×'}${aimOf(one) ? ` (${aimOf(one)})` : ''}`);
		const file = process.env['KUUNTELUPISTE_FIGURES'];
		if (file) appendFileSync(file, `${JSON.stringify({ bench, ...one })}\n`);
	}
}

/** `at most 1: met`, or what it lacks; empty without an aim. */
export function aimOf({ figure, most, least }: Figure): string {
	const said = [most === undefined ? '' : `at most ${most}`, least === undefined ? '' : `at least ${least}`];
	const aim = said.filter(Boolean).join(', ');
	if (!aim) return '';
	const met = figure <= (most ?? Infinity) && figure >= (least ?? -Infinity);
	return `${aim}: ${met ? 'met' : 'NOT met'}`;
}

/** Three figures are all that such a measurement knows. */
export function rounded(figure: number): number {
	return Number(figure.toPrecision(3));
}

/** The one in the middle. */
export function median(numbers: readonly number[]): number {
	return at(numbers, 0.5);
}

/** The one below which this share of them lies. */
export function at(numbers: readonly number[], share: number): number {
	const sorted = numbers.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
