import { expect, test } from 'vitest';
import { kindsOf } from '#recordings/search.ts';

test('the log learns by what kinds of clues a search looked, and none of the clues', () => {
	expect(kindsOf({})).toEqual({});
	expect(kindsOf({ maskedNumber: '', employee: undefined, line: 'telesales' })).toEqual({ by_line: 1 });
	const clues = { maskedNumber: '+3585012345***', employee: 'employee0000001', serviceNumber: '+358200700' };
	expect(kindsOf({ ...clues, direction: 'made', length: { from: 1000 } })).toEqual({
		by_number: 1,
		by_employee: 1,
		by_service_number: 1,
		by_direction: 1,
		by_length: 1
	});
});
