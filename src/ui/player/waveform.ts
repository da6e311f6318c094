/** The width and height in which a lane's path is drawn, in units of its SVG. */
export const lane = { width: 1000, height: 100 };

/**
 * The outline of one lane: `bars` upright bars of even width, each as high as the loudest peak that falls on it, mirrored
 * about the middle. Peaks are 0 to `loudest`; silence keeps a thin line, so that the lane is seen to be there.
 */
export function wavePath(peaks: readonly number[], { bars, loudest }: { bars: number; loudest: number }): string {
	if (peaks.length === 0) return '';
	const step = lane.width / bars;
	const middle = lane.height / 2;
	return Array.from({ length: bars }, (_, bar) => {
		const from = Math.floor((bar * peaks.length) / bars);
		const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / bars));
		const peak = Math.max(0, ...peaks.slice(from, to));
		const half = Math.max(1, Math.min(1, peak / Math.max(1, loudest)) * middle);
		return `M${round(bar * step)} ${round(middle - half)}h${round(step * 0.65)}v${round(2 * half)}h${round(-step * 0.65)}z`;
	}).join('');
}

/** The loudest peak of all lanes: both are drawn to one scale, so that a quiet speaker looks quiet. */
export function loudestOf(lanes: readonly (readonly number[])[]): number {
	return Math.max(1, ...lanes.flat());
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}
