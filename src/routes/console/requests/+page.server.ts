import { daysLeft } from '#requests/deadline.ts';
import * as requests from '#requests/request.ts';
import { guarded } from '../../guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('desk', async (door) => ({
	requests: (await requests.open(door.register, door)).map(
		({ id, name, received, due, state, language, wishes, notMine }) => ({
			id,
			name,
			received,
			due: new Date(due.getTime() - 1),
			daysLeft: daysLeft(due, door.register.now()),
			state,
			language,
			attention: wishes.length > 0 || notMine.length > 0
		})
	)
}));
