import { figures } from '#requests/figures.ts';
import { guarded } from '../../../guard.ts';
import type { PageServerLoad } from './$types';
import { yearIn } from './year.ts';

export const load: PageServerLoad = guarded('audit', async (door, { url }) => {
	const { register } = door;
	const current = yearIn(new URLSearchParams(), register.now());
	const years = Array.from({ length: 6 }, (_, before) => current - before);
	return { years, figures: await figures(register, door, yearIn(url.searchParams, register.now())) };
});
