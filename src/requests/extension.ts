import { Failure } from '#failures.ts';
import { written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { due, extended, type Extension } from './deadline.ts';
import { inTurn, log, requests, type Desk, type SubjectRequest } from './request.ts';
import type { extensionGrounds } from './request-row.ts';

/** Why an extension is not possible now; undefined when it is (GDPR Art. 12(3)). */
export function noExtension(
	{ received, extension, state }: Pick<SubjectRequest, 'received' | 'extension' | 'state'>,
	now: Date
): 'request_closed' | 'already_extended' | 'first_month_over' | undefined {
	if (state === 'closed') return 'request_closed';
	if (extension) return 'already_extended';
	return now >= due(received) ? 'first_month_over' : undefined;
}

/**
 * Puts the answer off, once, by one or two months, with a reason, and only while the first month runs (GDPR
 * Art. 12(3)); the customer must be told, so the notice is to be printed. There is no other way to stop the clock.
 */
export async function extend(
	register: Register,
	desk: Desk,
	id: string,
	{ months, ground, note }: { months: Extension; ground: (typeof extensionGrounds)[number]; note: string }
): Promise<SubjectRequest> {
	return inTurn(register, desk, id, async (request) => {
		const now = register.now();
		const why = noExtension(request, now);
		if (why) throw new Failure(why === 'first_month_over' ? 'too_late' : 'conflict', why);
		await log(register, desk, id, 'extend_request', { reason: ground, measures: { months } });
		return requests(desk.as).update(id, {
			due: written(extended(request.received, months)),
			extended: written(now),
			extension_months: months,
			extension_ground: ground,
			extension_note: note
		});
	});
}
