import type { FailureKind } from '#failures.ts';
import { failureWords } from '#ui/failure-words.ts';
import { m } from '#ui/words/compiled/messages.js';

/** What is said of a proof that was not taken; `notTaken` when it does not match. Undefined when nothing was wrong. */
export function wrongProof(
	failure: { kind: FailureKind; reason: string } | undefined,
	notTaken: () => string
): string | undefined {
	if (!failure) return undefined;
	if (failure.reason === 'too_many_tries') return m.console_sign_in_too_many();
	return failure.kind === 'refused' ? notTaken() : failureWords(failure.kind);
}
