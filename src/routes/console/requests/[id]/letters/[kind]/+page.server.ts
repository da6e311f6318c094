import { error } from '@sveltejs/kit';
import { letters, write } from '#requests/letters.ts';
import { isLanguage } from '#ui/language.svelte.ts';
import { guarded } from '../../../../../guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('desk', async (door, { params, url }) => {
	const kind = letters.find((one) => one === params.kind);
	if (!kind) error(404);
	const letter = await write(door.register, door, params.id, kind);
	const asked = url.searchParams.get('language');
	return { letter, language: isLanguage(asked) ? asked : letter.request.language };
});
