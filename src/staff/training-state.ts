import type { Person } from './person.ts';

/** The two courses (register description § 8c): the use of the system; confidentiality and customer data. */
export const courses = ['system_use', 'confidentiality'] as const;
export type Course = (typeof courses)[number];

const dayMs = 24 * 3600_000;

/** How a training stands; the last month and the last week are told beforehand. */
export type TrainingState = 'missing' | 'expired' | 'within_week' | 'within_month' | 'valid';

export function stateOf(until: Date | undefined, now: Date): TrainingState {
	if (!until) return 'missing';
	const left = until.getTime() - now.getTime();
	if (left <= 0) return 'expired';
	if (left <= 7 * dayMs) return 'within_week';
	return left <= 30 * dayMs ? 'within_month' : 'valid';
}

/** Whole days until the end, the one that runs not counted; 0 on the last day. */
export function daysLeft(until: Date, now: Date): number {
	return Math.max(0, Math.floor((until.getTime() - now.getTime()) / dayMs));
}

/** Whether somebody has to be trained for what they do; an auditor hears nothing and sees no call. */
export function needsTraining({ roles }: Pick<Person, 'roles'>): boolean {
	return roles.some((role) => role !== 'auditor');
}

/** The end of each course, the latest of its completions. */
export function endsOf(rows: readonly { course: Course; validUntil: Date }[]): Record<Course, Date | undefined> {
	const end = (course: Course): Date | undefined =>
		rows
			.filter((row) => row.course === course)
			.map(({ validUntil }) => validUntil)
			.sort((one, other) => other.getTime() - one.getTime())[0];
	return { system_use: end('system_use'), confidentiality: end('confidentiality') };
}
