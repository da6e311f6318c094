import { Failure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import { destructions, type Destruction } from '#retention/destruction.ts';
import { log, mayWork, requests, type Desk, type SubjectRequest } from './request.ts';

/** The answers that the desk prints, besides the invitation. */
export const letters = [
	'receipt',
	'extension',
	'nothing_found',
	'destroyed_before_receipt',
	'refused',
	'information'
] as const;
export type LetterKind = (typeof letters)[number];

/** What a letter says besides its fixed words. */
export interface Letter {
	kind: LetterKind;
	request: SubjectRequest;
	/** The proof that it was destroyed, in a letter that says so. */
	destruction: Destruction | undefined;
	controller: { name: string; businessId: string; post: string };
	/** The contact person (register description § 2). */
	contact: { name: string; post: string; visit: string; phone: string };
	/** For how many months the requester's data are kept after the end. */
	requesterMonths: number;
	/** The date of the letter. */
	written: Date;
}

/** The letters that fit a request as it is now. */
export function fitting({
	extension,
	closedAs,
	erased
}: Pick<SubjectRequest, 'extension' | 'closedAs' | 'erased'>): LetterKind[] {
	if (erased) return [];
	return letters.filter((kind) => {
		if (kind === 'receipt' || kind === 'information') return true;
		return kind === 'extension' ? extension !== undefined : closedAs === kind;
	});
}

/** One letter about a request; that it was made is in the log first. Refuses one that does not fit, as `missing`. */
export async function write(register: Register, desk: Desk, id: string, kind: LetterKind): Promise<Letter> {
	mayWork(register, desk);
	const request = await requests(desk.as).one(id);
	if (!fitting(request).includes(kind)) throw new Failure('missing', 'no_such_letter');
	await log(register, desk, id, 'print_letter', { reason: kind });
	const { settings } = register;
	return {
		kind,
		request,
		destruction: kind === 'destroyed_before_receipt' ? await destructions(desk.as).one(request.destruction) : undefined,
		controller: { name: settings.controllerName, businessId: settings.controllerId, post: settings.controllerPost },
		contact: {
			name: settings.contactName,
			post: settings.contactPost,
			visit: settings.contactVisit,
			phone: settings.contactPhone
		},
		requesterMonths: settings.requesterMonths,
		written: register.now()
	};
}
