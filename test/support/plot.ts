/** A line of a plot: its points in the units of the axes. */
export interface Line {
	name: string;
	points: readonly (readonly [x: number, y: number])[];
}

interface Axis {
	label: string;
	/** By powers of ten; else even. */
	log?: boolean;
}

const [width, height] = [900, 520];
const frame = { left: 80, right: 650, top: 50, bottom: 450 };
// Told apart by their form as well, for who sees no colours.
const colours = ['#1a5fb4', '#c64600', '#26734d', '#813d9c', '#a51d2d', '#63452c', '#3d3846', '#0d7377'];
const dashes = ['', '8 4', '2 3', '10 3 2 3', '', '8 4', '2 3', '10 3 2 3'];

/** A plot as SVG, with the names of the lines beside their ends. Points that no axis can show are left out. */
export function plot(title: string, x: Axis, y: Axis, lines: readonly Line[]): string {
	const shown = lines.map(({ name, points }) => ({
		name,
		points: points.filter(([a, b]) => (!x.log || a > 0) && (!y.log || b > 0))
	}));
	const all = shown.flatMap(({ points }) => points);
	const across = scale(
		x,
		all.map(([a]) => a),
		[frame.left, frame.right]
	);
	const up = scale(
		y,
		all.map(([, b]) => b),
		[frame.bottom, frame.top]
	);
	const names = apart(
		shown.map(({ points }) => up.at(points.at(-1)?.[1] ?? 1)),
		16
	);
	const drawn = shown.map(({ name, points }, index) => {
		const colour = colours[index % colours.length];
		const path = points.map(([a, b]) => `${round(across.at(a))},${round(up.at(b))}`);
		const marks =
			points.length > 30
				? ''
				: path.map((point) => {
						const [cx, cy] = point.split(',');
						return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`;
					});
		return `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes[index % dashes.length]}"/>
${[...marks].join('')}
<text x="${frame.right + 12}" y="${round((names[index] ?? 0) + 4)}" fill="${colour}">${escaped(name)}</text>`;
	});
	const grid = [
		...across.ticks.map((value) => {
			const place = round(across.at(value));
			return `<line x1="${place}" x2="${place}" y1="${frame.top}" y2="${frame.bottom}" class="grid"/><text x="${place}" y="${frame.bottom + 20}" text-anchor="middle">${said(value)}</text>`;
		}),
		...up.ticks.map((value) => {
			const place = round(up.at(value));
			return `<line x1="${frame.left}" x2="${frame.right}" y1="${place}" y2="${place}" class="grid"/><text x="${frame.left - 8}" y="${place + 4}" text-anchor="end">${said(value)}</text>`;
		})
	];
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">
<style>.grid { stroke: #ddd }</style>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${frame.left}" y="28" font-size="17" font-weight="600">${escaped(title)}</text>
${grid.join('\n')}
${drawn.join('\n')}
<text x="${(frame.left + frame.right) / 2}" y="${height - 22}" text-anchor="middle">${escaped(x.label)}</text>
<text transform="translate(20 ${(frame.top + frame.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(y.label)}</text>
</svg>
`;
}

interface Scale {
	at(value: number): number;
	ticks: number[];
}

function scale({ log = false }: Axis, values: number[], [from, to]: [number, number]): Scale {
	const [least, most] = [Math.min(...values), Math.max(...values)];
	if (log) {
		const [low, high] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
		const ticks = Array.from({ length: high - low + 1 }, (_, more) => 10 ** (low + more));
		return { at: (value) => from + ((Math.log10(value) - low) / (high - low || 1)) * (to - from), ticks };
	}
	const step = nice(most / 6);
	const high = Math.max(step, Math.ceil(most / step) * step);
	const ticks = Array.from({ length: Math.round(high / step) + 1 }, (_, more) => more * step);
	return { at: (value) => from + (value / high) * (to - from), ticks };
}

function nice(step: number): number {
	const power = 10 ** Math.floor(Math.log10(step || 1));
	return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= step) ?? step;
}

/** The same places, moved as little as keeps them so far from each other. */
function apart(places: number[], least: number): number[] {
	const order = places.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
	for (const [at, one] of order.entries()) one.place = Math.max(one.place, (order[at - 1]?.place ?? -Infinity) + least);
	return order.sort((a, b) => a.index - b.index).map(({ place }) => place);
}

function said(value: number): string {
	return value >= 1000 ? value.toLocaleString('en') : String(Number(value.toPrecision(6)));
}

function round(number: number): number {
	return Math.round(number * 10) / 10;
}

function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
