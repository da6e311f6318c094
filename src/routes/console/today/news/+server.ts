import { eventStream } from '../../../event-stream.ts';
import { guarded } from '../../../guard.ts';
import type { RequestHandler } from './$types';

/** Says "look again" when a visit or a kiosk at one of the person's offices changes. */
export const GET: RequestHandler = guarded('desk', async ({ register, person }, { request }) =>
	eventStream(request, (send) =>
		register.news.hear(({ office }) => {
			if (!office || person.offices.includes(office)) send();
		})
	)
);
