import * as v from 'valibot';
import { collection, knownInstant } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { lateReasons, reasons } from './reasons.ts';

const optional = <const Words extends readonly [string, ...string[]]>(words: Words) =>
	v.pipe(
		v.optional(v.union([v.picklist(words), v.literal('')]), ''),
		v.transform((word) => (word === '' ? undefined : word))
	);

const Row = v.pipe(
	v.object({
		id: v.string(),
		request: v.string(),
		office: v.string(),
		kiosk: v.string(),
		person: v.string(),
		starts: knownInstant,
		ends: knownInstant,
		language: v.picklist(['fi', 'sv', 'en']),
		state: v.picklist(['booked', 'kept', 'cancelled', 'no_show']),
		sequence: v.number(),
		token_hash: v.string(),
		changed_by: optional(['customer', 'us']),
		changed_why: optional([...reasons.customer, ...reasons.us]),
		late_why: optional(lateReasons)
	}),
	v.transform(({ token_hash, changed_by, changed_why, late_why, ...row }) => ({
		...row,
		/** Whether an invitation was printed: its codes live, and a new print kills them. */
		invited: token_hash !== '',
		/** By whose wish it was last moved or given back, and why. */
		changedBy: changed_by,
		changedWhy: changed_why,
		lateWhy: late_why
	}))
);
/** An hour at a kiosk with a contact person (`person`, empty for an old one), booked for a request. */
export type Appointment = v.InferOutput<typeof Row>;

/** The appointments as one client may see them. */
export function appointments(as: Client) {
	return collection(as, 'appointments', Row);
}

/** How long before the hour a visitor may arrive, and staff release. */
export const earlyMs = 30 * 60_000;
