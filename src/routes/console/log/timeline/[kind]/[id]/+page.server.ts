import * as v from 'valibot';
import { timeline, timelines } from '#access-log/timeline.ts';
import { Failure } from '#failures.ts';
import { id } from '../../../../../form.ts';
import { guarded } from '../../../../../guard.ts';
import { asked } from '../../../asked.ts';
import type { PageServerLoad } from './$types';

const rows = 200;
const Asked = v.object({ kind: v.picklist(timelines), id });

export const load: PageServerLoad = guarded('audit', async ({ register, person }, { params, url }) => {
	const result = v.safeParse(Asked, params);
	if (!result.success) throw new Failure('missing', 'not_found');
	const { kind, id } = result.output;
	const { before } = asked(url.searchParams);
	const entries = await timeline(register.accessLog, kind, id, { before, limit: rows });
	await register.accessLog.append({
		action: 'read_log',
		actor: person.id,
		role: 'auditor',
		purpose: 'audit',
		outcome: 'done',
		...(kind === 'person' ? { person: id } : { [kind]: id }),
		measures: { entries: entries.length }
	});
	return { kind, id, entries, before, earlier: entries.length === rows ? entries[0]?.sequence : undefined };
});
