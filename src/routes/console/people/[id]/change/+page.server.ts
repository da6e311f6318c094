import { redirect } from '@sveltejs/kit';
import { change } from '#staff/people.ts';
import { people } from '#staff/person.ts';
import { formOf } from '../../../../form.ts';
import { guarded, guardedAction } from '../../../../guard.ts';
import { choices } from '../../choices.ts';
import { settableOf } from '../../person-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded(
	'upkeep',
	async ({ as }, { params }) => {
		const { id, name, active, roles, team, supervises, offices } = await people(as).one(params.id ?? '');
		return { ...(await choices(as)), person: { id, name, active, roles, team, supervises, offices } };
	},
	{ stepUp: true }
);

export const actions: Actions = {
	default: guardedAction(
		'upkeep',
		async (door, { request, params }) => {
			await change(door.register, door, params.id ?? '', settableOf(await formOf(request)));
			redirect(303, `/console/people/${params.id ?? ''}`);
		},
		{ stepUp: true }
	)
};
