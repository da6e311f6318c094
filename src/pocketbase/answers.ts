import { ClientResponseError } from 'pocketbase';
import { Failure } from '#failures.ts';

/**
 * Turns PocketBase's "no" into ours, and throws it. A refusal by an API rule looks like "missing" there (404) for
 * reading and changing; that stays so, since what a person may not see they may not know of.
 */
export function asFailure(cause: unknown, reason?: string): never {
	if (!(cause instanceof ClientResponseError)) throw cause;
	if (cause.status === 400) {
		const wrong = Object.entries(faults(cause.response));
		const taken = wrong.find(([, fault]) => fault.code === 'validation_not_unique');
		if (taken) throw new Failure('conflict', reason ?? 'taken', { field: taken[0], cause });
		if (reason) throw new Failure('refused', reason, { cause });
		throw new Failure('invalid', 'not_accepted', { field: wrong[0]?.[0], cause });
	}
	if (cause.status === 401 || cause.status === 403) throw new Failure('refused', reason ?? 'not_allowed', { cause });
	if (cause.status === 404) throw new Failure('missing', 'not_found', { cause });
	throw new Failure('unavailable', 'database', {
		cause,
		detail: `The database did not answer: ${whatHappened(cause)}.`
	});
}

// Where and how, without the question's words: those may name a person.
function whatHappened({ url, status, originalError }: ClientResponseError): string {
	const why = originalError instanceof Error ? (originalError.cause ?? originalError) : undefined;
	return `${URL.canParse(url) ? new URL(url).pathname : 'no address'}, ${status || why || 'no connection'}`;
}

function faults(response: unknown): Record<string, { code?: string }> {
	if (response && typeof response === 'object' && 'data' in response) {
		const { data } = response;
		// PocketBase's error shape: one object a field. Anything else counts as no field at all.
		if (data && typeof data === 'object') return data as Record<string, { code?: string }>;
	}
	return {};
}
