import * as v from 'valibot';
import { collection, knownInstant, written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Intake } from './intake.ts';
import type { RejectionReason } from './rejection.ts';

const count = v.pipe(v.number(), v.integer());
const Row = v.object({
	id: v.string(),
	began: knownInstant,
	seen: knownInstant,
	state: v.picklist(['running', 'done', 'failed']),
	reason: v.string(),
	watching: v.boolean(),
	total: count,
	imported: count,
	known: count,
	past: count,
	rejected: count,
	reasons: v.nullable(v.record(v.string(), count))
});
/** One intake as a maintainer may see it: counts and reasons, nothing of a call. */
export type IntakeRun = v.InferOutput<typeof Row>;

/** The intakes, the newest first. */
export function runs(as: Client): Promise<IntakeRun[]> {
	return collection(as, 'intake_runs', Row).list({ filter: '', sort: '-began', limit: 50 });
}

// Often enough for somebody who watches, and seldom enough for the database.
const tellEveryMs = 2000;

/** Tells of an intake while it runs, and how it ended. */
export async function begin(client: Client, { now, watching }: { now: () => Date; watching: boolean }) {
	const rows = collection(client, 'intake_runs', Row);
	const at = written(now());
	const { id } = await rows.create({ began: at, seen: at, state: 'running', watching });
	let toldMs = performance.now();
	return {
		async tell(total: number, so: Readonly<Intake>): Promise<void> {
			if (performance.now() - toldMs < tellEveryMs) return;
			toldMs = performance.now();
			await rows.update(id, { seen: written(now()), total, ...counts(so) });
		},
		async done(so: Readonly<Intake>): Promise<void> {
			const { imported, known, past, rejected } = so;
			const total = imported + known + past + rejected.length;
			await rows.update(id, { seen: written(now()), state: 'done', total, ...counts(so) });
		},
		async failed(reason: string): Promise<void> {
			await rows.update(id, { seen: written(now()), state: 'failed', reason });
		}
	};
}

function counts({ imported, known, past, rejected }: Readonly<Intake>) {
	const reasons: Partial<Record<RejectionReason, number>> = {};
	for (const { reason } of rejected) reasons[reason] = (reasons[reason] ?? 0) + 1;
	return { imported, known, past, rejected: rejected.length, reasons };
}
