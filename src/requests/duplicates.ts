import { written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { log, mayWork, requests, type Desk, type SubjectRequest } from './request.ts';

const most = 5;
/** A request of last year is another request: people may ask again. */
const withinMs = 183 * 24 * 3600_000;

/**
 * The requests that may be the same as this one, the newest first: of the same name or the same way to reach them,
 * received within half a year of it. Each that is shown is in the log first.
 */
export async function likely(register: Register, desk: Desk, request: SubjectRequest): Promise<SubjectRequest[]> {
	mayWork(register, desk);
	const { name, reach } = request.alike;
	const time = request.received.getTime();
	const near = { from: written(new Date(time - withinMs)), to: written(new Date(time + withinMs)) };
	const found = await Promise.all(
		Object.entries({ alike_name: name, alike_reach: reach })
			.filter(([, value]) => value !== '')
			.map(([field, value]) =>
				// A question a field: each has an index, an "or" of the two would have none.
				requests(desk.as).list({
					filter: `${field} = {:value} && received >= {:from} && received <= {:to}`,
					params: { value, ...near },
					sort: '-received',
					limit: most + 1
				})
			)
	);
	const others = [...new Map(found.flat().map((one) => [one.id, one])).values()]
		.filter(({ id }) => id !== request.id)
		.sort((a, b) => b.received.getTime() - a.received.getTime())
		.slice(0, most);
	for (const { id } of others) await log(register, desk, id, 'view_request', { reason: 'likely_duplicate' });
	return others;
}
