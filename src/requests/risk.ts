import { Temporal } from 'temporal-polyfill';
import { termOfDay } from '#recordings/term.ts';
import { daysLeft } from './deadline.ts';
import type { SubjectRequest } from './request.ts';

/** What may go wrong with an open request before somebody acts. */
export type Risk = 'late' | 'deadline' | 'destruction';

/** Days before the deadline from which a request is at risk. */
export const deadlineDays = 7;
/** Days before a recording's destruction from which a request is at risk. */
export const destructionDays = 14;
const day = 24 * 3600_000;

/**
 * What is at risk: the deadline is near or over, or a recording would be destroyed soon. A bound one is held until
 * `holdEnds`; one that nobody has found yet goes by the day that the customer remembers.
 */
export function risks(
	{ due, callDay, recordings }: Pick<SubjectRequest, 'due' | 'callDay' | 'recordings'>,
	holdEnds: Date | undefined,
	now: Date
): Risk[] {
	const left = daysLeft(due, now);
	const found: Risk[] = [];
	if (left < 0) found.push('late');
	else if (left <= deadlineDays) found.push('deadline');
	const ends = holdEnds ?? (recordings.length === 0 && callDay ? termOfDay(callDay) : undefined);
	if (ends && ends > now && ends.getTime() - now.getTime() <= destructionDays * day) found.push('destruction');
	return found;
}

/** The last day on which a call of that day can be heard, if nothing holds it. */
export function lastDayOf(callDay: string): string {
	return Temporal.PlainDate.from(callDay).add({ months: 6 }, { overflow: 'constrain' }).toString();
}
