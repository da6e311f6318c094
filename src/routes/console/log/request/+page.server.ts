import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { id } from '../../../form.ts';
import { guarded } from '../../../guard.ts';
import type { PageServerLoad } from './$types';

/** By a typed id to the papers of a request. */
export const load: PageServerLoad = guarded('audit', async (_, { url }) => {
	const typed = url.searchParams.get('id')?.trim() ?? '';
	const result = v.safeParse(id, typed);
	const what = url.searchParams.get('what') === 'extract' ? '/extract' : '';
	if (result.success) redirect(303, `/console/log/request/${result.output}${what}`);
	return { typed };
});
