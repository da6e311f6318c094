import { expect, test } from 'vitest';
import { Heard } from '#ui/player/heard.ts';

function hear(...looks: [position: number, sounding: boolean][]): number {
	const heard = new Heard();
	for (const [position, sounding] of looks) heard.follow(position, sounding);
	return heard.seconds;
}

test('what sounds is counted, up to the pause', () => {
	expect(hear([0, true], [0.25, true], [0.5, true], [0.75, false], [0.75, false])).toBe(0.75);
});

test('a jump, forward or back, is not hearing', () => {
	expect(hear([1, true], [2, true], [30, true], [31, true], [5, true], [6, true])).toBe(3);
});

test('what is heard twice counts twice', () => {
	expect(hear([0, true], [1, true], [0, true], [1, true])).toBe(2);
});

test('moving about in a pause is not hearing', () => {
	expect(hear([0, false], [1, false], [1.2, false], [1.4, true], [1.5, true])).toBeCloseTo(0.1);
});

test('the parts that sounded are told in whole seconds, a part heard twice once', () => {
	const heard = new Heard();
	const looks = [0.2, 1, 2, 2.8, 30, 31, 31.5, 0.4, 1.2];
	for (const position of looks) heard.follow(position, true);
	expect(heard.ranges).toBe('0-3,30-32');
});
