import * as v from 'valibot';
import { collection, knownInstant } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';

const Row = v.pipe(
	v.object({
		id: v.string(),
		request: v.string(),
		office: v.string(),
		kiosk: v.string(),
		starts: knownInstant,
		ends: knownInstant,
		language: v.picklist(['fi', 'sv', 'en']),
		state: v.picklist(['booked', 'kept', 'cancelled', 'no_show']),
		sequence: v.number(),
		token_hash: v.string()
	}),
	v.transform(({ token_hash, ...row }) => ({
		...row,
		/** Whether an invitation was printed: its codes live, and a new print kills them. */
		invited: token_hash !== ''
	}))
);
/** An hour at a kiosk, booked for a request. */
export type Appointment = v.InferOutput<typeof Row>;

/** The appointments as one client may see them. */
export function appointments(as: Client) {
	return collection(as, 'appointments', Row);
}

/** How long before the hour a visitor may arrive, and staff release. */
export const earlyMs = 30 * 60_000;
