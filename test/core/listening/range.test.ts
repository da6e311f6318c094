import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asked } from '#listening/range.ts';

const whole = undefined;

test.each([
	// header, size, what is answered
	[undefined, 100, whole],
	['', 100, whole],
	['bytes=0-', 100, { start: 0, end: 100 }],
	['bytes=0-0', 100, { start: 0, end: 1 }],
	['bytes=10-19', 100, { start: 10, end: 20 }],
	['Bytes=10-19', 100, { start: 10, end: 20 }],
	['bytes=10-1000', 100, { start: 10, end: 100 }],
	['bytes=99-', 100, { start: 99, end: 100 }],
	['bytes=-1', 100, { start: 99, end: 100 }],
	['bytes=-1000', 100, { start: 0, end: 100 }],
	['bytes=0-99999999999999999999999999', 100, { start: 0, end: 100 }],
	['bytes=100-', 100, 'unsatisfiable'],
	['bytes=100-200', 100, 'unsatisfiable'],
	['bytes=99999999999999999999999999-', 100, 'unsatisfiable'],
	['bytes=-0', 100, 'unsatisfiable'],
	['bytes=19-10', 100, whole],
	['bytes=0-1,5-9', 100, whole],
	['bytes=-', 100, whole],
	['bytes=', 100, whole],
	['bytes=a-b', 100, whole],
	['bytes=0x0-9', 100, whole],
	['bytes=--5', 100, whole],
	['bytes=1.5-2', 100, whole],
	['seconds=0-5', 100, whole]
])('the range %j of %i bytes', (header, size, answer) => {
	expect(asked(header, size)).toEqual(answer);
});

test('whatever is asked, nothing outside the recording is given', () => {
	const number = fc.oneof(fc.nat(300), fc.constant(''));
	fc.assert(
		fc.property(number, number, fc.integer({ min: 1, max: 200 }), (first, last, size) => {
			const answer = asked(`bytes=${first}-${last}`, size);
			if (typeof answer !== 'object') return;
			expect(answer.start).toBeGreaterThanOrEqual(0);
			expect(answer.end).toBeGreaterThan(answer.start);
			expect(answer.end).toBeLessThanOrEqual(size);
		})
	);
});
