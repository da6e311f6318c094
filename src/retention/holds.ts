import * as v from 'valibot';
import { collection, instant, knownInstant, written } from '#pocketbase/collection.ts';
import { each } from '#pocketbase/each.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import { endingOf, endings, grounds, type Ground, type HoldEnding } from './hold.ts';
import type { KeptRecording } from './kept.ts';
import { line, type Sweeping } from './sweeping.ts';

// Object.keys forgets that it knows them.
const groundNames = Object.keys(grounds) as Ground[];
const Row = v.pipe(
	v.object({
		id: v.string(),
		recording: v.string(),
		request: v.string(),
		ground: v.picklist(groundNames),
		placed: knownInstant,
		placed_by: v.string(),
		until: knownInstant,
		asked_until: knownInstant,
		confirmed_by: v.string(),
		ended: instant,
		ended_why: v.union([v.picklist(endings), v.literal('')])
	}),
	v.transform((row) => ({
		id: row.id,
		/** The recording's id; the hold stays on record when the recording is gone. */
		recording: row.recording,
		/** The open request that holds it; empty for a hold by hand. */
		request: row.request,
		ground: row.ground,
		placed: row.placed,
		placedBy: row.placed_by,
		/** It holds until this instant, unless it ends before. */
		until: row.until,
		/** What a hold by hand gets when a second person confirms it. */
		askedUntil: row.asked_until,
		confirmedBy: row.confirmed_by,
		ended: row.ended,
		endedWhy: row.ended_why === '' ? undefined : row.ended_why
	}))
);
/** What keeps a recording past its time (hävittämisen keskeytys). */
export type Hold = v.InferOutput<typeof Row>;

export function holds(as: Client) {
	return collection(as, 'holds', Row);
}

/** The holds that stand, of one request or of all. */
export async function standing(as: Client, { request }: { request?: string } = {}): Promise<Hold[]> {
	const filter = request ? 'ended = "" && request = {:request}' : 'ended = ""';
	return Array.fromAsync(each(holds(as), { filter, params: { request } }));
}

/** The holds whose time is over, and why each ends. */
export async function overdue({ retention, now }: Register): Promise<{ hold: Hold; why: HoldEnding }[]> {
	const at = now();
	return (await standing(retention)).flatMap((hold) => {
		const why = endingOf(hold, at);
		return why ? [{ hold, why }] : [];
	});
}

/** Ends the holds whose time is over, in the log first; what they held is then destroyed like any other. */
export async function endOverdue(register: Register, { swept, reached }: Sweeping): Promise<void> {
	for (const { hold, why } of await overdue(register)) {
		const about = { recording: hold.recording, ...(hold.request ? { request: hold.request } : {}) };
		await register.accessLog.append(line({ action: 'end_hold', reason: why, ...about }));
		await holds(register.retention).update(hold.id, { ended: written(hold.until), ended_why: why });
		swept.holdsEnded++;
		reached('hold_ended');
	}
}

/** When the last hold on each of these ended, for those that a hold kept past their time. */
export async function endsOfHolds(register: Register, some: KeptRecording[]): Promise<Map<string, Date>> {
	const earliest = new Date(Math.min(...some.map(({ destroyAfter }) => destroyAfter.getTime())));
	const terms = new Map(some.map(({ id, destroyAfter }) => [id, destroyAfter]));
	const ends = new Map<string, Date>();
	const ended = { filter: 'ended >= {:earliest}', params: { earliest: written(earliest) } };
	for await (const { recording, ended: end } of each(holds(register.retention), ended)) {
		const term = terms.get(recording);
		if (end && term && end > term && end > (ends.get(recording) ?? term)) ends.set(recording, end);
	}
	return ends;
}
