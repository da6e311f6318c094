import { asked } from './asked.ts';
import { guarded } from '../../guard.ts';
import type { PageServerLoad } from './$types';

const rows = 100;

export const load: PageServerLoad = guarded('audit', async ({ register, person }, { url }) => {
	const { where, typed, wrong, before } = asked(url.searchParams);
	if (wrong.length > 0) return { entries: [], typed, wrong, before, older: undefined };
	const entries = await register.accessLog.read({ limit: rows, before, where });
	// The reading is an access like any other, and is on the disk before anything is shown.
	await register.accessLog.append({
		action: 'read_log',
		actor: person.id,
		role: 'auditor',
		purpose: 'audit',
		outcome: 'done',
		measures: { entries: entries.length }
	});
	return { entries, typed, wrong, before, older: entries.length === rows ? entries.at(-1)?.sequence : undefined };
});
