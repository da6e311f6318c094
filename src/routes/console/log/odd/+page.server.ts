import * as v from 'valibot';
import { searchOdd } from '#access-log/odd-search.ts';
import { guarded } from '../../../guard.ts';
import type { PageServerLoad } from './$types';

const most = 200;
const dayMs = 24 * 3600_000;
const Days = v.pipe(v.picklist(['2', '7', '31']), v.transform(Number));

export const load: PageServerLoad = guarded('audit', async ({ register, person }, { url }) => {
	const { settings, accessLog } = register;
	const asked = v.safeParse(Days, url.searchParams.get('days'));
	const days = asked.success ? asked.output : 7;
	const thresholds = {
		hours: settings.oddHours,
		searches: settings.oddSearches,
		refusals: settings.oddRefusals,
		kioskHours: settings.oddKioskHours,
		silenceHours: settings.oddSilenceHours
	};
	await accessLog.append({ action: 'read_log', actor: person.id, role: 'auditor', purpose: 'audit', outcome: 'done' });
	const to = register.now();
	const from = new Date(to.getTime() - days * dayMs);
	return { days, thresholds, ...(await searchOdd(accessLog, thresholds, { from, to, most })) };
});
