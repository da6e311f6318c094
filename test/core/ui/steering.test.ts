import { expect, test } from 'vitest';
import { target } from '#ui/player/steering.ts';

const place = { position: 30, duration: 60 };

test.each([
	['ArrowRight', 35],
	['ArrowUp', 35],
	['ArrowLeft', 25],
	['ArrowDown', 25],
	['PageUp', 40],
	['PageDown', 20],
	['Home', 0],
	['End', 60]
])('%s leads to second %d', (key, to) => {
	expect(target(key, place)).toBe(to);
});

test('nothing leads before the beginning or beyond the end', () => {
	expect(target('ArrowLeft', { position: 2, duration: 60 })).toBe(0);
	expect(target('PageUp', { position: 55, duration: 60 })).toBe(60);
});

test('another key leads nowhere', () => {
	expect(target('Tab', place)).toBeUndefined();
	expect(target('constructor', place)).toBeUndefined();
});
