import { expect, test } from 'vitest';
import * as v from 'valibot';
import { calendarDay } from '#calendar-day.ts';

test.each([
	['2026-02-28', true],
	['2028-02-29', true],
	['2026-02-29', false],
	['2026-02-30', false],
	['2026-04-31', false],
	['2026-12-31', true],
	['2026-13-01', false],
	['0000-01-01', true],
	['2026-2-1', false],
	['', false]
])('whether %s is a day: %s', (text, expected) => {
	expect(v.safeParse(calendarDay, text).success).toBe(expected);
});
