import { written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { holds } from '#retention/holds.ts';
import { listedRequests, type ListedRequest } from './listed.ts';
import { mayWork, type Desk } from './request.ts';
import { destructionDays, risks, type Risk } from './risk.ts';

const openStates = ['received', 'matched', 'booked', 'heard'] as const;
export const pageSize = 50;
const day = 24 * 3600_000;

export interface Listed extends ListedRequest {
	risks: Risk[];
}

/** One page of the open requests, the next due first, each with what is at risk; and whether there is another page. */
export async function open(
	register: Register,
	desk: Desk,
	{ page = 1 } = {}
): Promise<{ requests: Listed[]; more: boolean }> {
	mayWork(register, desk);
	const upTo = page * pageSize + 1;
	const now = register.now();
	const [ending, all] = await Promise.all([holdsEnding(desk, now), nextDue(desk, upTo)]);
	const those = all.slice((page - 1) * pageSize, page * pageSize);
	return {
		requests: those.map((one) => ({ ...one, risks: risks(one, ending.get(one.id), now) })),
		more: all.length > page * pageSize
	};
}

/** The closed requests, the last closed first, a page at a time: `before` is when the last of the page before closed. */
export async function closed(
	register: Register,
	desk: Desk,
	{ before = register.now() }: { before?: Date | undefined } = {}
): Promise<{ requests: ListedRequest[]; more: boolean }> {
	mayWork(register, desk);
	const found = await listedRequests(desk.as).list({
		filter: "state = 'closed' && closed < {:before}",
		params: { before: written(before) },
		sort: '-closed',
		limit: pageSize + 1
	});
	return { requests: found.slice(0, pageSize), more: found.length > pageSize };
}

/** So many of the open ones, the next due first. */
async function nextDue({ as }: Desk, count: number): Promise<ListedRequest[]> {
	// Once a state and merged: the index serves each, and an "or" would not be served at all.
	const ask = (state: string, limit: number) =>
		listedRequests(as).list({ filter: 'state = {:state}', params: { state }, sort: 'due', limit });
	const merged = (perState: ListedRequest[][]) => perState.flat().sort((a, b) => a.due.getTime() - b.due.getTime());
	// Each is asked for a share first, since most of what all were asked for would be thrown away.
	const share = Math.ceil(count / 3);
	const shares = await Promise.all(openStates.map((state) => ask(state, share)));
	const last = merged(shares)[count - 1]?.due;
	const enough = (some: ListedRequest[]): boolean => {
		const end = some[share - 1]?.due;
		return end === undefined || (last !== undefined && end > last);
	};
	return merged(
		await Promise.all(
			openStates.map((state, at) => {
				const some = shares[at] ?? [];
				return enough(some) ? some : ask(state, count);
			})
		)
	);
}

/** When the holds of requests end that end soon, by the request; the first end of each. */
async function holdsEnding({ as }: Desk, now: Date): Promise<Map<string, Date>> {
	const soon = new Date(now.getTime() + destructionDays * day);
	const found = await holds(as).list({
		filter: "ended = '' && until < {:soon}",
		params: { soon: written(soon) },
		sort: '-until',
		limit: 1000
	});
	return new Map(found.filter(({ request }) => request !== '').map(({ request, until }) => [request, until]));
}
