import * as v from 'valibot';
import { extract, namingReasons } from '#requests/accountability.ts';
import { readForm } from '../../../../../../form.ts';
import { guarded, guardedAction } from '../../../../../../guard.ts';
import { readerAt, requestIn } from '../../../asking.ts';
import type { Actions, PageServerLoad } from './$types';

const Naming = v.object({ reason: v.picklist(namingReasons) });

export const load: PageServerLoad = guarded(
	'desk',
	async ({ register: { settings } }, { params }) => ({
		request: requestIn(params),
		controller: { name: settings.controllerName, id: settings.controllerId, post: settings.controllerPost }
	}),
	{ stepUp: true }
);

export const actions: Actions = {
	default: guardedAction(
		'desk',
		async (door, { request, params }) => {
			const { reason } = await readForm(request, Naming);
			return { extract: await extract(door.register, readerAt(door), requestIn(params), { naming: reason }) };
		},
		{ stepUp: true }
	)
};
