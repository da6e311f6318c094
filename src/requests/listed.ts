import * as v from 'valibot';
import { collection, instant, knownInstant, type Question } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { endings, states, wishes } from './request-row.ts';

const Row = v.object({
	id: v.string(),
	name: v.string(),
	received: knownInstant,
	due: knownInstant,
	state: v.picklist(states),
	closed: instant,
	closed_as: v.union([v.picklist(endings), v.literal('')]),
	recordings: v.array(v.string()),
	not_mine: v.array(v.string()),
	wishes: v.array(v.picklist(wishes)),
	call_day: v.string()
});
const Shown = v.pipe(
	Row,
	v.transform(({ closed_as, not_mine, call_day, ...row }) => ({
		...row,
		closedAs: closed_as === '' ? undefined : closed_as,
		notMine: not_mine,
		callDay: call_day
	}))
);
/** What a list shows of a request; what the customer said is not read for it. */
export type ListedRequest = v.InferOutput<typeof Shown>;

/** The requests as a list shows them to one client. */
export function listedRequests(as: Client) {
	const list = collection(as, 'requests', Shown);
	return {
		list: (question: Omit<Question, 'fields'>) => list.list({ ...question, fields: Object.keys(Row.entries).join() })
	};
}
