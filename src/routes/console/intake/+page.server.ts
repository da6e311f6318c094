import { runs } from '#recordings/runs.ts';
import { guarded } from '../../guard.ts';
import type { PageServerLoad } from './$types';

// One that told nothing for so long was ended, and could not say so.
const silentMs = 60_000;

export const load: PageServerLoad = guarded('upkeep', async ({ register, as }) => {
	const now = register.now().getTime();
	return {
		runs: (await runs(as)).map(
			({ id, began, seen, state, watching, total, imported, known, past, rejected, reasons }) => {
				const done = imported + known + past + rejected;
				const seconds = Math.max(1, (seen.getTime() - began.getTime()) / 1000);
				return {
					id,
					began,
					state: state === 'running' && now - seen.getTime() > silentMs ? ('cut_short' as const) : state,
					watching,
					total,
					done,
					perMinute: Math.round((done * 60) / seconds),
					counts: { imported, known, past, rejected },
					reasons: Object.entries(reasons ?? {}).sort(([, one], [, other]) => other - one)
				};
			}
		)
	};
});
