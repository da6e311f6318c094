import { extract } from '#requests/accountability.ts';
import { guarded } from '../../../../../guard.ts';
import { readerAt, requestIn } from '../../asking.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = guarded(['desk', 'audit'], async (door, { params }) => {
	const { settings } = door.register;
	return {
		role: door.role,
		controller: { name: settings.controllerName, id: settings.controllerId, post: settings.controllerPost },
		extract: await extract(door.register, readerAt(door), requestIn(params))
	};
});
