import { expect, test } from 'vitest';
import { daysLeft, endsOf, needsTraining, stateOf } from '#staff/training-state.ts';

const now = new Date('2026-11-24T10:00:00Z');
const inDays = (days: number): Date => new Date(now.getTime() + days * 24 * 3600_000);

test.each([
	[undefined, 'missing'],
	[inDays(-1), 'expired'],
	[now, 'expired'],
	[inDays(0.01), 'within_week'],
	[inDays(7), 'within_week'],
	[inDays(7.01), 'within_month'],
	[inDays(30), 'within_month'],
	[inDays(30.01), 'valid']
])('a training that ends at %s is %s', (until, state) => {
	expect(stateOf(until, now)).toBe(state);
});

test('the days that are left are whole ones', () => {
	expect([0.5, 1, 6.9, -3].map((days) => daysLeft(inDays(days), now))).toEqual([0, 1, 6, 0]);
});

test('of a course that was done again the latest end counts', () => {
	const rows = [10, 300, 20].map((days) => ({ course: 'system_use' as const, validUntil: inDays(days) }));
	expect(endsOf(rows)).toEqual({ system_use: inDays(300), confidentiality: undefined });
});

test('everybody but an auditor is to be trained', () => {
	expect(needsTraining({ roles: ['auditor'] })).toBe(false);
	expect(needsTraining({ roles: ['auditor', 'agent'] })).toBe(true);
	expect(needsTraining({ roles: ['maintainer'] })).toBe(true);
});
