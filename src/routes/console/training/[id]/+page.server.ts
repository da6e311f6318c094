import * as v from 'valibot';
import * as training from '#staff/training.ts';
import { courses, endsOf, stateOf } from '#staff/training-state.ts';
import { dayTyped, readForm } from '../../../form.ts';
import { guarded, guardedAction } from '../../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

const duties = ['train_anyone', 'train_team'] as const;
const dayMs = 24 * 3600_000;
const isoDay = (at: Date): string => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Helsinki' }).format(at);

export const load: PageServerLoad = guarded(
	duties,
	async (door, { params }) => {
		const { person, completions: rows } = await training.of(door.register, door, params.id ?? '');
		const ends = endsOf(rows);
		const now = door.register.now();
		return {
			name: person.name,
			isSelf: person.id === door.person.id,
			today: isoDay(now),
			nextYear: isoDay(new Date(now.getTime() + 365 * dayMs)),
			courses: courses.map((course) => ({ course, state: stateOf(ends[course], now) })),
			completions: rows.map(({ id, course, completed, validUntil }) => ({
				id,
				course,
				completed,
				until: new Date(validUntil.getTime() - 1)
			}))
		};
	},
	{ stepUp: true }
);

const Form = v.object({
	course: v.picklist([...courses, 'both']),
	completed: dayTyped,
	// The last day counts whole.
	validUntil: v.pipe(
		dayTyped,
		v.transform((day) => nextDay(day))
	)
});

export const actions: Actions = {
	default: guardedAction(
		duties,
		async (door, { request, params }) => {
			const { course, ...dates } = await readForm(request, Form);
			const given = { person: params.id ?? '', ...dates };
			for (const one of course === 'both' ? courses : [course]) {
				await training.record(door.register, door, { ...given, course: one });
			}
			return { recorded: true };
		},
		{ stepUp: true }
	)
};

/** The beginning of the day after, also where a clock change makes a day longer or shorter. */
function nextDay(day: Date): Date {
	const noonAfter = new Date(day.getTime() + 36 * 3600_000);
	return v.parse(dayTyped, isoDay(noonAfter));
}
