import { Failure } from '#failures.ts';
import { written } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { destructions, type Destruction } from '#retention/destruction.ts';
import { standing } from '#retention/holds.ts';
import { inTurn, log, requests, type Desk, type RequestEnding, type SubjectRequest } from './request.ts';
import type { refusalGrounds } from './request-row.ts';

/** What an ending needs besides its name. */
export interface EndingDetails {
	/** Refused: the ground in the law, and what is told the customer. */
	ground?: (typeof refusalGrounds)[number] | undefined;
	note?: string | undefined;
	/** Destroyed before receipt: the day of the call (YYYY-MM-DD). */
	callDay?: string | undefined;
	/** Duplicate: the request that goes on. */
	of?: string | undefined;
}

/**
 * Closes a request for good; its holds end with it, in the log first. Refuses one that is closed, one whose wishes
 * nobody has answered, a refusal without its ground, and "destroyed before receipt" when no record of destruction
 * says so.
 */
export async function close(
	register: Register,
	desk: Desk,
	id: string,
	as: RequestEnding,
	details: EndingDetails = {}
): Promise<SubjectRequest> {
	return inTurn(register, desk, id, async (request) => {
		mayClose(request, as);
		const more = await ending(desk, request, as, details);
		await log(register, desk, id, 'close_request', { reason: as });
		for (const { recording } of await standing(desk.as, { request: id })) {
			await log(register, desk, id, 'end_hold', { recording, reason: 'request_closed' });
		}
		await register.listenings.end(register, { check: id }, 'request_closed');
		return requests(desk.as).update(id, {
			state: 'closed',
			closed_as: as,
			closed: written(register.now()),
			...more
		});
	});
}

/** Refuses to close a request whose wishes nobody has answered, unless it goes on elsewhere or is withdrawn. */
export function mayClose({ wishes }: Pick<SubjectRequest, 'wishes'>, as: RequestEnding): void {
	if (wishes.length > 0 && as !== 'withdrawn' && as !== 'duplicate') throw new Failure('conflict', 'wishes_open');
}

async function ending(
	desk: Desk,
	request: SubjectRequest,
	as: RequestEnding,
	{ ground, note = '', callDay, of }: EndingDetails
): Promise<Record<string, unknown>> {
	if (as === 'refused') {
		if (!ground) throw new Failure('invalid', 'ground_missing', { field: 'ground' });
		return { refused_ground: ground, refused_note: note };
	}
	if (as === 'destroyed_before_receipt') {
		const proof = callDay ? await destroyedBefore(desk, callDay, request.received) : undefined;
		if (!proof) throw new Failure('conflict', 'no_destruction', { field: 'callDay' });
		return { destruction: proof.id, call_day: callDay };
	}
	if (as === 'duplicate') {
		if (!of || of === request.id) throw new Failure('invalid', 'duplicate_of', { field: 'of' });
		await requests(desk.as).one(of);
		return { duplicate_of: of };
	}
	return {};
}

/** A record that the calls of a day were destroyed before an instant, the earliest one; undefined when there is none. */
export async function destroyedBefore({ as }: Desk, callDay: string, before: Date): Promise<Destruction | undefined> {
	return destructions(as).first({
		filter: "call_day = {:callDay} && destroyed != '' && destroyed < {:before}",
		params: { callDay, before: written(before) },
		sort: 'destroyed'
	});
}
