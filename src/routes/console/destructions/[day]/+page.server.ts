import { Failure } from '#failures.ts';
import * as certificates from '#retention/certificates.ts';
import { guarded } from '../../../guard.ts';
import { viewer } from '../viewer.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = guarded(['desk', 'audit'], async (door, { params: { day = '' } }) => {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Failure('missing', 'day');
	const { controllerName, controllerId } = door.register.settings;
	return {
		day,
		controller: `${controllerName} (${controllerId})`,
		...(await certificates.certificate(door.register, viewer(door), day)),
		printed: door.register.now(),
		printedBy: door.person.name
	};
});
