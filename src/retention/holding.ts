import { Temporal } from 'temporal-polyfill';
import { Failure, isFailure } from '#failures.ts';
import { newId, written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import { people, type Person } from '#staff/person.ts';
import { confirmWithinMs, isUnconfirmed, type GroundByHand } from './hold.ts';
import { holds, type Hold } from './holds.ts';
import { kept, turnOf } from './kept.ts';

/** Who holds by hand: a contact person places and ends, a contact person or an auditor is the second one. */
export interface Holder {
	person: Person;
	as: Client;
	role: 'contact_person' | 'auditor';
}

/**
 * Puts a recording on hold by hand, on a ground and until the end of a day; for the first 24 hours without a second
 * person, and for the rest when one has confirmed. Refuses `too_late: past_retention`, `invalid: hold_until` for a day
 * that is over or more than a year off, `missing` for an unknown recording.
 */
export async function place(
	register: Register,
	{ person, as, role }: Holder,
	{ recording, ground, lastDay }: { recording: string; ground: GroundByHand; lastDay: string }
): Promise<Hold> {
	const until = endOf(lastDay);
	const known = await kept(as).one(recording);
	// In the turn of its day: a sweep that is about to destroy it comes before or after, never between.
	return register.turns.take(turnOf(known.keyDay), async () => {
		const now = register.now();
		const { destroyAfter } = await kept(as).one(recording);
		if (now >= destroyAfter) throw new Failure('too_late', 'past_retention');
		if (until <= now || until > longestByHand(now)) throw new Failure('invalid', 'hold_until', { field: 'lastDay' });
		await register.accessLog.append({
			action: 'hold_recording',
			actor: person.id,
			role,
			purpose: 'retention',
			outcome: 'done',
			reason: ground,
			recording
		});
		const first = new Date(Math.min(now.getTime() + confirmWithinMs, until.getTime()));
		return holds(as).create({
			id: newId(),
			recording,
			ground,
			placed: written(now),
			placed_by: person.id,
			until: written(first),
			asked_until: written(until)
		});
	});
}

/** Confirms a hold as the second person; refuses `refused: same_person`, and `conflict: not_waiting` when none is needed. */
export async function confirm(register: Register, holder: Holder, id: string): Promise<void> {
	const hold = await holds(holder.as).one(id);
	if (!isUnconfirmed(hold) || hold.until <= register.now()) throw new Failure('conflict', 'not_waiting');
	if (hold.placedBy === holder.person.id) return refuse(register, holder, hold, 'confirm_hold', 'same_person');
	await log(register, holder, hold, 'confirm_hold');
	await holds(holder.as).update(id, { confirmed_by: holder.person.id, until: written(hold.askedUntil) });
}

/** Ends a hold that was put by hand; what it held past its time is destroyed by the next sweep. */
export async function end(register: Register, holder: Holder, id: string): Promise<void> {
	const hold = await holds(holder.as).one(id);
	if (hold.ended || hold.request) throw new Failure('conflict', 'not_by_hand');
	await log(register, holder, hold, 'end_hold', 'by_hand');
	await holds(holder.as).update(id, { ended: written(register.now()), ended_why: 'by_hand' });
}

/** How a standing hold is: `overdue` should have ended, `unconfirmed` waits for a second person. */
export type HoldState = 'overdue' | 'unconfirmed' | 'ends_soon' | 'stands';
export interface ListedHold extends Hold {
	state: HoldState;
	placedByName: string;
	confirmedByName: string;
	/** Whether this person may be its second one, and whether they may end it. */
	mayConfirm: boolean;
	mayEnd: boolean;
}

const soonMs = 7 * 24 * 3600_000;
const urgency: HoldState[] = ['overdue', 'unconfirmed', 'ends_soon', 'stands'];

/** The holds that stand, the urgent ones first, and the last that ended; that they were shown is logged first. */
export async function list(
	register: Register,
	{ person, as, role }: Holder
): Promise<{ standing: ListedHold[]; ended: ListedHold[] }> {
	const now = register.now();
	const [standing, ended] = await Promise.all([
		holds(as).list({ filter: 'ended = ""', sort: 'until', limit: 500 }),
		holds(as).list({ filter: 'ended != ""', sort: '-ended', limit: 20 })
	]);
	await register.accessLog.append({
		action: 'view_holds',
		actor: person.id,
		role,
		purpose: 'retention',
		outcome: 'done',
		measures: { results: standing.length + ended.length }
	});
	const ids = new Set([...standing, ...ended].flatMap(({ placedBy, confirmedBy }) => [placedBy, confirmedBy]));
	const names = new Map(await Promise.all([...ids].filter(Boolean).map((id) => named(as, id))));
	const listed = (hold: Hold): ListedHold => ({
		...hold,
		state: stateOf(hold, now),
		placedByName: names.get(hold.placedBy) ?? '',
		confirmedByName: names.get(hold.confirmedBy) ?? '',
		mayConfirm: isUnconfirmed(hold) && hold.until > now && hold.placedBy !== person.id,
		mayEnd: role === 'contact_person' && !hold.request && !hold.ended
	});
	const urgent = (hold: ListedHold): number => urgency.indexOf(hold.state);
	return {
		standing: standing.map(listed).sort((a, b) => urgent(a) - urgent(b) || a.until.getTime() - b.until.getTime()),
		ended: ended.map(listed)
	};
}

/** How a standing hold is now. */
export function stateOf(hold: Hold, now: Date): HoldState {
	if (hold.until <= now) return 'overdue';
	if (isUnconfirmed(hold)) return 'unconfirmed';
	return hold.until.getTime() - now.getTime() < soonMs ? 'ends_soon' : 'stands';
}

async function named(as: Client, id: string): Promise<[string, string]> {
	const name = await people(as)
		.one(id)
		.then(
			(person) => person.name,
			(fault: unknown) => {
				if (isFailure(fault) && fault.kind === 'missing') return '';
				throw fault;
			}
		);
	return [id, name];
}

function log(
	{ accessLog }: Register,
	{ person, role }: Holder,
	{ recording }: Hold,
	action: 'confirm_hold' | 'end_hold',
	reason?: string
): Promise<void> {
	return accessLog.append({ action, actor: person.id, role, purpose: 'retention', outcome: 'done', reason, recording });
}

async function refuse(
	{ accessLog }: Register,
	{ person, role }: Holder,
	{ recording }: Hold,
	action: 'confirm_hold',
	reason: string
): Promise<never> {
	const by = { actor: person.id, role, purpose: 'retention' } as const;
	await accessLog.append({ action, ...by, outcome: 'refused', reason, recording });
	throw new Failure('refused', reason);
}

/** The last day for which a hold by hand may be asked: a year on; a longer need is a new hold, with a new second person. */
function longestByHand(now: Date): Date {
	const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO('Europe/Helsinki');
	return new Date(today.add({ years: 1 }).epochMilliseconds);
}

/** The end of a day of Helsinki's calendar. */
function endOf(day: string): Date {
	const next = Temporal.PlainDate.from(day).add({ days: 1 });
	return new Date(next.toZonedDateTime('Europe/Helsinki').epochMilliseconds);
}
