import { Failure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import { inTurn, log, requests, type Desk, type SubjectRequest, type Wish, type WishOutcome } from './request.ts';

/**
 * Records how a wish was answered: a copy or a text is never made here, so this is what the contact person did about
 * it. The wish then keeps the request open no longer. Refuses a wish that is not open with `conflict: wish_not_open`.
 */
export async function answer(
	register: Register,
	desk: Desk,
	id: string,
	{ wish, outcome }: { wish: Wish; outcome: WishOutcome }
): Promise<SubjectRequest> {
	return inTurn(register, desk, id, async (request) => {
		if (!request.wishes.includes(wish)) throw new Failure('conflict', 'wish_not_open');
		await log(register, desk, id, 'answer_wish', { reason: `${wish}_${outcome}` });
		return requests(desk.as).update(id, {
			'wishes-': wish,
			outcomes: [...request.outcomes.filter((one) => one.wish !== wish), { wish, outcome, at: register.now() }]
		});
	});
}

/** Notes a wish that the customer tells the desk, or opens one again whose answer was a mistake. */
export async function wish(register: Register, desk: Desk, id: string, one: Wish): Promise<SubjectRequest> {
	return inTurn(register, desk, id, async (request) => {
		if (request.wishes.includes(one)) return request;
		await log(register, desk, id, 'note_wish', { reason: one });
		return requests(desk.as).update(id, {
			'wishes+': one,
			outcomes: request.outcomes.filter(({ wish }) => wish !== one)
		});
	});
}
