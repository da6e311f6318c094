import { eventStream } from '../../../event-stream.ts';
import { guarded } from '../../../guard.ts';
import type { RequestHandler } from './$types';

/** Says "look again" when something changes at a kiosk; not what. */
export const GET: RequestHandler = guarded('upkeep', async ({ register }, { request }) =>
	eventStream(request, (send) => register.news.hear(({ kiosk, office }) => void ((kiosk ?? office) && send())))
);
