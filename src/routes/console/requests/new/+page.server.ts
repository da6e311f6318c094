import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import * as requests from '#requests/request.ts';
import { helsinkiDay } from '#sealing/day.ts';
import { dayTyped, readForm } from '../../../form.ts';
import { guarded, guardedAction } from '../../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('desk', async ({ register }) => ({ today: helsinkiDay(register.now()) }));

const Typed = v.object({ ...requests.Form.entries, received: dayTyped });

export const actions: Actions = {
	default: guardedAction('desk', async (door, { request }) => {
		const { id } = await requests.receive(door.register, door, await readForm(request, Typed));
		redirect(303, `/console/requests/${id}`);
	})
};
