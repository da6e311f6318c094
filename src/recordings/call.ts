import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { international, mask } from './mask.ts';
import { directions, lines } from './recording.ts';
import type { Rejection, RejectionReason } from './rejection.ts';

const time = v.pipe(
	v.string(),
	v.check((text) => instantOf(text) !== undefined),
	v.transform((text) => instantOf(text) ?? new Date(NaN))
);
const Said = v.pipe(
	v.object({
		// Masked before it comes here; a number that cannot be masked is left out.
		customer_number: v.string(),
		answered: time,
		disconnected: time,
		direction: v.picklist(directions),
		line: v.picklist(lines),
		service_number: v.pipe(v.string(), v.transform(international), v.regex(/^\+?\d{3,15}$/)),
		employee: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9._-]{0,39}$/))
	}),
	v.check(({ answered, disconnected }) => disconnected > answered),
	v.transform((row) => ({
		answered: row.answered,
		disconnected: row.disconnected,
		direction: row.direction,
		line: row.line,
		serviceNumber: row.service_number,
		customerNumberMasked: row.customer_number,
		/** Sign-in name of who answered or made the call. */
		employee: row.employee
	}))
);
/** What an export says of a call (register description § 5), the customer's number already masked. */
export type Call = v.InferOutput<typeof Said>;

/** The facts of a call by the names that `calls.csv` gives them. */
export const facts = [
	'answered',
	'disconnected',
	'direction',
	'line',
	'service_number',
	'customer_number',
	'employee'
] as const;
export type Fact = (typeof facts)[number];

/** A good call of an export. */
export interface Row {
	/** Its line, or the number of its sidecar, from 1. */
	readonly line: number;
	readonly call: Call;
	/**
	 * The paths of its sound inside the folder; of two, the customer's is the first. Recorders put full numbers in file
	 * names: never printed, logged or stored.
	 */
	readonly audio: readonly string[];
	/** What else belongs to this call alone and goes with its originals. */
	readonly beside?: readonly string[];
}

/** What an export holds, whatever its form. */
export interface Export {
	/** What `line` counts. */
	readonly unit: 'line' | 'sidecar';
	readonly rows: readonly Row[];
	readonly rejected: Rejection[];
	/** Files about all its calls, which may go when every call went in. */
	readonly beside: readonly string[];
}

/** The call that these facts tell of, or the first fact that is wrong. The number is masked here, before anything else. */
export function readCall(said: Partial<Record<Fact, string>>): Call | RejectionReason {
	const customerNumber = masked(said.customer_number);
	const result = v.safeParse(Said, { ...said, customer_number: customerNumber }, { abortEarly: true });
	if (result.success) return result.output;
	const wrong = v.getDotPath(result.issues[0]);
	return facts.find((fact) => fact === wrong) ?? 'ends_before_start';
}

function masked(number = ''): string | undefined {
	try {
		return mask(number);
	} catch {
		return undefined;
	}
}

function instantOf(text: string): Date | undefined {
	try {
		return new Date(Temporal.Instant.from(text).epochMilliseconds);
	} catch {
		return undefined;
	}
}
