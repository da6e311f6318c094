import { offices } from '#visits/office.ts';
import { guarded } from '../../guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('upkeep', async ({ as }) => ({
	offices: (await offices(as).list({ filter: '', sort: 'name', limit: 500 })).map(({ id, name, address }) => ({
		id,
		name,
		address
	}))
}));
