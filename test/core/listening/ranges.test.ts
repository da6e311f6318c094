import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joined, told, written } from '#listening/ranges.ts';

const join = (...texts: string[]): string | undefined =>
	written(texts.map(told).reduce((all, more) => joined(all, more, 600), []));

test('what was heard is put together, across plays and jumps, in order', () => {
	expect(join('0-12', '30-45')).toBe('0-12,30-45');
	expect(join('30-45', '0-12', '12-20')).toBe('0-20,30-45');
	expect(join('0-12,30-45', '5-31')).toBe('0-45');
	expect(join('')).toBeUndefined();
});

test('what a player cannot have heard, or says in another form, is nothing', () => {
	expect(join('590-700')).toBe('590-600');
	expect(join('600-700')).toBeUndefined();
	expect(join('5-5', '9-3', '-1-4', '1.5-3', '358501234567-358501234599', 'Matti', '1-2;3-4')).toBeUndefined();
});

test('however much somebody jumps about, the line stays short and leaves nothing out', () => {
	const pairs = fc.array(fc.tuple(fc.nat(3590), fc.integer({ min: 1, max: 10 })), { maxLength: 300 });
	fc.assert(
		fc.property(pairs, (given) => {
			const ranges = given.map(([from, length]) => [from, from + length] as const);
			const line = written(ranges.reduce((all, one) => joined(all, [one], 3600), told('')));
			const parts = told(line ?? '');
			expect(parts.length).toBeLessThanOrEqual(40);
			for (const [from, to] of ranges) expect(parts.some(([a, b]) => a <= from && to <= b)).toBe(true);
			for (const [index, [from]] of parts.entries()) expect(from).toBeGreaterThan(parts[index - 1]?.[1] ?? -1);
		})
	);
});
