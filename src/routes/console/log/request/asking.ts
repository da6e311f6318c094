import * as v from 'valibot';
import { Failure } from '#failures.ts';
import type { Reader } from '#requests/accountability.ts';
import { id } from '../../../form.ts';
import type { GuardedDoor } from '../../../guard.ts';

/** The id of a request out of an address. */
export function requestIn(params: { id?: string | undefined }): string {
	const result = v.safeParse(id, params.id);
	if (result.success) return result.output;
	throw new Failure('missing', 'not_found');
}

/** Whoever came through a door for contact persons and auditors. */
export function readerAt({ person, as, role }: GuardedDoor): Reader {
	return { person, as, role: role === 'auditor' ? 'auditor' : 'contact_person' };
}
