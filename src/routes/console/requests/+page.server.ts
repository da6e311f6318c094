import * as v from 'valibot';
import { daysLeft } from '#requests/deadline.ts';
import * as listing from '#requests/listing.ts';
import { guarded } from '../../guard.ts';
import type { PageServerLoad } from './$types';

const Asked = v.object({
	show: v.optional(v.fallback(v.picklist(['open', 'closed']), 'open'), 'open'),
	page: v.optional(v.fallback(v.pipe(v.string(), v.regex(/^[1-9]\d{0,2}$/), v.transform(Number)), 1), '1'),
	before: v.optional(v.fallback(v.pipe(v.string(), v.isoTimestamp(), v.toDate()), new Date(NaN)))
});

export const load: PageServerLoad = guarded('desk', async (door, { url }) => {
	const { show, page, before } = v.parse(Asked, Object.fromEntries(url.searchParams));
	const now = door.register.now();
	if (show === 'closed') {
		const asked = before && !Number.isNaN(before.getTime()) ? before : undefined;
		const { requests, more } = await listing.closed(door.register, door, { before: asked });
		return {
			show,
			first: asked === undefined,
			next: more ? requests.at(-1)?.closed?.toISOString() : undefined,
			closed: requests.map(({ id, name, received, closed, closedAs }) => ({ id, name, received, closed, closedAs }))
		};
	}
	const { requests, more } = await listing.open(door.register, door, { page });
	return {
		show,
		page,
		more,
		open: requests.map(({ id, name, received, due, state, wishes, notMine, risks }) => ({
			id,
			name,
			received,
			// The deadline is the end of a day; that day is what people are told.
			due: new Date(due.getTime() - 1),
			daysLeft: daysLeft(due, now),
			state,
			risks,
			attention: wishes.length > 0 || notMine.length > 0
		}))
	};
});
