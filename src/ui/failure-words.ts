import type { FailureKind } from '#failures.ts';
import { m } from './words/compiled/messages.js';

const words: Record<FailureKind, () => string> = {
	refused: m.failure_refused,
	missing: m.failure_missing,
	conflict: m.failure_conflict,
	invalid: m.failure_invalid,
	too_late: m.failure_too_late,
	unavailable: m.failure_unavailable
};

/** What a person is told of a failure, in the page's language. */
export function failureWords(kind: FailureKind | undefined): string {
	return kind ? words[kind]() : m.failure_unexpected();
}
