import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { collection, written } from '#pocketbase/collection.ts';
import { each } from '#pocketbase/each.ts';
import { clearLeftovers } from '#pocketbase/leftovers.ts';
import type { Register } from '#register.server.ts';

const blank = {
	name: '',
	reach: '',
	remembers: '',
	acting_name: '',
	extension_note: '',
	refused_note: '',
	alike_name: '',
	alike_reach: ''
};
const Closed = v.object({ id: v.string() });

/** Requests that closed before this instant are erased: so many calendar months ago, by Helsinki's clock. */
export function erasedBefore(now: Date, months: number): Date {
	const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO('Europe/Helsinki');
	return new Date(today.subtract({ months }).epochMilliseconds);
}

/**
 * Erases who asked, how to reach them and what they told, the configured time after their requests closed; the bare
 * requests stay for the statistics. They are gone from the database's files too before a request is said to be erased,
 * so that whatever breaks off is done again. Gives how many there were. By a clock that cannot be trusted nobody is
 * erased: that is refused, in the log, until an operator has agreed to a sweep.
 */
export async function eraseRequesters(register: Register): Promise<number> {
	const { retention, accessLog, settings } = register;
	const as = collection(retention, 'requests', Closed);
	const due = await Array.fromAsync(
		each(as, {
			filter: "state = 'closed' && erased = '' && closed < {:before}",
			params: { before: written(erasedBefore(register.now(), settings.requesterMonths)) },
			fields: 'id'
		})
	);
	if (due.length === 0) return 0;
	const line = { action: 'erase_requesters', role: 'system', purpose: 'retention' } as const;
	const measures = { requests: due.length };
	const doubt = await register.sweeps.doubt(register);
	if (doubt) {
		await accessLog.append({ ...line, outcome: 'refused', reason: doubt, measures });
		return 0;
	}
	await accessLog.append({ ...line, outcome: 'done', measures });
	for (const { id } of due) await as.update(id, blank, { fields: 'id' });
	await clearLeftovers(settings.data);
	for (const { id } of due) await as.update(id, { erased: written(register.now()) }, { fields: 'id' });
	return due.length;
}
