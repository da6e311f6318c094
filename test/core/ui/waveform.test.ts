import { describe, expect, test } from 'vitest';
import { loudestOf, wavePath } from '#ui/player/waveform.ts';

/** The bars of a path: where each begins, and how high it is. */
function read(path: string): { x: number; height: number }[] {
	return [...path.matchAll(/M([\d.]+) [\d.]+h[\d.]+v([\d.]+)/g)].map(([, x, height]) => ({
		x: Number(x),
		height: Number(height)
	}));
}

describe('the waveform', () => {
	test('has as many bars as asked for, evenly spread over the whole lane', () => {
		const bars = read(
			wavePath(
				Array.from({ length: 800 }, () => 50),
				{ bars: 200, loudest: 100 }
			)
		);
		expect(bars).toHaveLength(200);
		expect(bars.map(({ x }) => x)).toEqual(Array.from({ length: 200 }, (_, bar) => bar * 5));
	});

	test('shows the loudest moment of a bar, not its average', () => {
		const peaks = [0, 0, 0, 80, 0, 0, 0, 0];
		expect(read(wavePath(peaks, { bars: 2, loudest: 80 })).map(({ height }) => height)).toEqual([100, 2]);
	});

	test('keeps a thin line where nobody speaks', () => {
		expect(read(wavePath([0, 0], { bars: 2, loudest: 1 })).every(({ height }) => height === 2)).toBe(true);
	});

	test('draws both speakers to one scale', () => {
		const [quiet, loud] = [
			[10, 20],
			[60, 80]
		];
		const loudest = loudestOf([quiet ?? [], loud ?? []]);
		expect(loudest).toBe(80);
		expect(read(wavePath(quiet ?? [], { bars: 2, loudest })).map(({ height }) => height)).toEqual([12.5, 25]);
	});

	test('never leaves its lane, whatever the peaks say', () => {
		expect(read(wavePath([500], { bars: 1, loudest: 100 }))[0]?.height).toBe(100);
	});

	test('has more bars than peaks when so asked, without a gap', () => {
		const bars = read(wavePath([40, 80], { bars: 4, loudest: 80 }));
		expect(bars.map(({ height }) => height)).toEqual([50, 50, 100, 100]);
	});

	test('is empty when nothing is known of the sound', () => {
		expect(wavePath([], { bars: 10, loudest: 1 })).toBe('');
	});
});
