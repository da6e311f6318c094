/** The few ways in which the core says no. One table in `hooks.server.ts` gives each its HTTP status and its words. */
export type FailureKind =
	| 'refused' // this person, kiosk or hour may not
	| 'missing' // there is no such thing, or nothing that this person may know of
	| 'conflict' // somebody was faster, or the thing is no longer in that state
	| 'invalid' // the input is wrong; the person can mend it
	| 'too_late' // its time has passed: retention, slot, deadline
	| 'unavailable'; // the database, the log or the keyring does not answer: nothing happens

/**
 * Says no, in a way that a route, a command and the access log each understand.
 * `reason` is a code of the domain (`training_expired`), never a sentence, a name or a number;
 * `field` names the input to mend; `detail` is a line for the operator at the command line, never for a visitor.
 */
export class Failure extends Error {
	readonly kind: FailureKind;
	readonly reason: string;
	readonly field: string | undefined;
	readonly detail: string | undefined;

	constructor(kind: FailureKind, reason: string, options: { field?: string; detail?: string; cause?: unknown } = {}) {
		super(`${kind}: ${reason}`, { cause: options.cause });
		this.name = 'Failure';
		this.kind = kind;
		this.reason = reason;
		this.field = options.field;
		this.detail = options.detail;
	}
}

/**
 * Tells a Failure from a fault. By name, not by class: the pages are bundled and the server is not,
 * so the two may hold two copies of the class.
 */
export function isFailure(error: unknown): error is Failure {
	return error instanceof Error && error.name === 'Failure';
}
