import * as v from 'valibot';
import { collection, instant, knownInstant } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';

/** Whether Posti received the call or made it (register description § 5). */
export const directions = ['received', 'made'] as const;
export type Direction = (typeof directions)[number];
/** Whose call it was (§ 5). */
export const lines = ['customer_service', 'telesales'] as const;
export type Line = (typeof lines)[number];

const whole = v.pipe(v.number(), v.integer());
/** What is shown of a call in a list. */
const listed = {
	id: v.string(),
	answered: knownInstant,
	disconnected: knownInstant,
	duration_ms: whole,
	direction: v.picklist(directions),
	line: v.picklist(lines),
	service_number: v.string(),
	customer_number_masked: v.pipe(v.string(), v.regex(/^(\+?\d{0,14}\*{3})?$/)),
	employee: v.string(),
	employee_name: v.string(),
	team: v.string(),
	destroy_after: knownInstant
};
const asListed = (row: v.InferOutput<v.ObjectSchema<typeof listed, undefined>>) => ({
	id: row.id,
	answered: row.answered,
	disconnected: row.disconnected,
	/** From answered to disconnected (§ 6). */
	durationMs: row.duration_ms,
	direction: row.direction,
	line: row.line,
	serviceNumber: row.service_number,
	/** Ends in `***`; empty when the customer withheld it. */
	customerNumberMasked: row.customer_number_masked,
	employee: row.employee,
	employeeName: row.employee_name,
	/** The employee's team now; empty for none. */
	team: row.team,
	/** From this instant on nobody hears it (§ 8d). */
	destroyAfter: row.destroy_after
});
const ListedRow = v.pipe(v.object(listed), v.transform(asListed));
/** A call as a list shows it: without its sound, and without what is needed to play it. */
export type Listing = v.InferOutput<typeof ListedRow>;

const Row = v.pipe(
	v.object({
		...listed,
		audio: v.string(),
		audio_type: v.string(),
		audio_bytes: whole,
		audio_sha256: v.string(),
		key_day: v.string(),
		peaks: v.array(v.array(v.number())),
		channels: whole,
		own_key: v.boolean(),
		held_until: instant
	}),
	v.transform((row) => ({
		...asListed(row),
		/** The name of the sealed file in PocketBase. */
		audio: row.audio,
		/** MIME type, size and SHA-256 of the audio as it is when opened. */
		audioType: row.audio_type,
		audioBytes: row.audio_bytes,
		audioSha256: row.audio_sha256,
		/** The Helsinki day whose key it is sealed to, `2026-11-23`. */
		keyDay: row.key_day,
		/** A lane for each channel, loudness from 0 to 100; with two, the customer's comes first. */
		peaks: row.peaks,
		channels: row.channels,
		/** Whether it is sealed to a key of its own instead, since it was held when its day's key went. */
		ownKey: row.own_key,
		/** The end of the longest hold on it: until then it is not destroyed. */
		heldUntil: row.held_until
	}))
);
/** What the register holds of one call (register description § 5, 6), and no more. */
export type Recording = v.InferOutput<typeof Row>;

/** Until when the customer may hear it: a hold keeps it for them past its six months (GDPR Art. 18(2)). */
export function hearableUntil({ destroyAfter, heldUntil }: Pick<Recording, 'destroyAfter' | 'heldUntil'>): Date {
	return heldUntil && heldUntil > destroyAfter ? heldUntil : destroyAfter;
}

/** The recordings that one client may see. */
export function recordings(as: Client) {
	return collection(as, 'recordings', Row);
}

/** The same as lists show them (a view: PocketBase reads rows whole, and the peaks are most of one). */
export function listings(as: Client) {
	return collection(as, 'calls', ListedRow);
}

/** One recording; `missing` when there is none that this client may see. */
export function read(as: Client, id: string): Promise<Recording> {
	return recordings(as).one(id);
}
