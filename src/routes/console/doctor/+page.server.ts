import { inWords } from '#doctor/words.ts';
import { guarded } from '../../guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('upkeep', async ({ register }) => {
	const found = await register.examine();
	const states = ['act', 'look', 'fine'] as const;
	return {
		counts: Object.fromEntries(states.map((state) => [state, found.filter((one) => one.state === state).length])),
		// What somebody must act on comes first.
		findings: states.flatMap((state) =>
			found
				.filter((one) => one.state === state)
				.map((one) => ({
					state,
					key: one.name,
					// The language can change without the page being loaded anew.
					words: { fi: inWords(one, 'fi'), sv: inWords(one, 'sv'), en: inWords(one, 'en') }
				}))
		)
	};
});
