import * as v from 'valibot';
import { actions as actionNames, type Action } from '#access-log/words.ts';
import { guarded, guardedAction } from '../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

const rows = 100;
const isAction = (given: string): given is Action => Object.hasOwn(actionNames, given);
const Sequence = v.pipe(v.string(), v.regex(/^\d{1,12}$/), v.transform(Number));

export const load: PageServerLoad = guarded('audit', async ({ register, person }, { url }) => {
	const action = url.searchParams.get('action') ?? '';
	const before = v.safeParse(Sequence, url.searchParams.get('before'));
	const entries = await register.accessLog.read({
		limit: rows,
		...(before.success ? { before: before.output } : {}),
		where: isAction(action) ? { action } : action === 'refused' ? { outcome: 'refused' } : {}
	});
	// The reading is an access like any other, and is on the disk before anything is shown.
	await register.accessLog.append({
		action: 'read_log',
		actor: person.id,
		role: 'auditor',
		purpose: 'audit',
		outcome: 'done',
		measures: { entries: entries.length }
	});
	return { entries, action, older: entries.length === rows ? entries.at(-1)?.sequence : undefined };
});

export const actions: Actions = {
	verify: guardedAction('audit', async ({ register, person }) => {
		const by = { actor: person.id, role: 'auditor', purpose: 'audit' } as const;
		const { verdict } = await register.accessLog.verify({ action: 'verify_log', ...by, outcome: 'done' });
		return { verdict };
	})
};
