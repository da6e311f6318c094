import { add } from '#staff/people.ts';
import { formOf } from '../../../form.ts';
import { guarded, guardedAction } from '../../../guard.ts';
import { choices } from '../choices.ts';
import { settableOf, signInNameOf } from '../person-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('upkeep', ({ as }) => choices(as), { stepUp: true });

export const actions: Actions = {
	default: guardedAction(
		'upkeep',
		async (door, { request }) => {
			const form = await formOf(request);
			const newcomer = { ...settableOf(form), active: true, signInName: signInNameOf(form) };
			const { id, password } = await add(door.register, door, newcomer);
			return { added: { id, password, name: newcomer.name, signInName: newcomer.signInName } };
		},
		{ stepUp: true }
	)
};
