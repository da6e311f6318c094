import * as v from 'valibot';
import * as ownSessions from '#staff/own-sessions.ts';
import { givePassword, resetSecondFactor } from '#staff/people.ts';
import { people } from '#staff/person.ts';
import * as secondFactor from '#staff/second-factor.ts';
import { endsFor } from '#staff/training.ts';
import { needsTraining, stateOf } from '#staff/training-state.ts';
import { readForm } from '../../../form.ts';
import { guarded, guardedAction } from '../../../guard.ts';
import { choices } from '../choices.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('upkeep', async ({ register, person: self, as, session }, { params }) => {
	const person = await people(as).one(params.id ?? '');
	const { teams, offices } = await choices(as);
	const named = (from: { id: string; name: string }[], ids: string[]): string[] =>
		from.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
	const ends = await endsFor(as, person.id);
	const now = register.now();
	return {
		id: person.id,
		name: person.name,
		signInName: person.signInName,
		active: person.active,
		roles: person.roles,
		isSelf: person.id === self.id,
		team: named(teams, [person.team]).join(),
		supervises: named(teams, person.supervises),
		offices: named(offices, person.offices),
		training: needsTraining(person)
			? { system_use: stateOf(ends.system_use, now), confidentiality: stateOf(ends.confidentiality, now) }
			: undefined,
		sessions: ownSessions.list(register, person.id, session),
		secondFactor: register.secondFactor && { enrolled: await secondFactor.isEnrolled(register, person.id) }
	};
});

const One = v.object({ session: v.optional(v.string()) });

export const actions: Actions = {
	end: guardedAction('upkeep', async ({ register, person }, { request, params }) => {
		const { session: only } = await readForm(request, One);
		await ownSessions.end(register, person, params.id ?? '', { only });
		return { ended: true };
	}),
	password: guardedAction(
		'upkeep',
		async (door, { params }) => ({ password: await givePassword(door.register, door, params.id ?? '') }),
		{ stepUp: true }
	),
	reset: guardedAction(
		'upkeep',
		async (door, { params }) => {
			await resetSecondFactor(door.register, door, params.id ?? '');
			return { reset: true };
		},
		{ stepUp: true }
	)
};
