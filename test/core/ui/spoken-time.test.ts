import { expect, test } from 'vitest';
import { spokenTime } from '#ui/player/spoken-time.ts';

test('a place in a call is said in minutes and seconds, as each language says it', () => {
	expect(spokenTime(65_900, 'fi').replaceAll('\u00a0', ' ')).toBe('1 minuutti 5 sekuntia');
	expect(spokenTime(61_000, 'sv').replaceAll('\u00a0', ' ')).toBe('1 minut 1 sekund');
	expect(spokenTime(125_000, 'en').replaceAll('\u00a0', ' ')).toBe('2 minutes 5 seconds');
});

test('what is nought is left out, except when there is nothing else', () => {
	expect(spokenTime(120_000, 'en')).toBe('2 minutes');
	expect(spokenTime(9_000, 'en')).toBe('9 seconds');
	expect(spokenTime(-5, 'en')).toBe('0 seconds');
});
