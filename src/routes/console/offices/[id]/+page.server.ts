import { redirect } from '@sveltejs/kit';
import { offices } from '#visits/office.ts';
import { keep } from '#visits/office-upkeep.ts';
import { readOffice } from '#visits/opening-hours.ts';
import { formOf } from '../../../form.ts';
import { guarded, guardedAction } from '../../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

/** An office's form; under the name `new` that of one to be added. */
export const load: PageServerLoad = guarded('upkeep', async ({ as }, { params }) => ({
	office: params.id === 'new' ? undefined : await offices(as).one(params.id ?? '')
}));

export const actions: Actions = {
	default: guardedAction('upkeep', async (door, { request, params }) => {
		const wanted = readOffice(Object.fromEntries(await formOf(request)));
		await keep(door.register, door, params.id === 'new' ? undefined : params.id, wanted);
		redirect(303, '/console/offices');
	})
};
