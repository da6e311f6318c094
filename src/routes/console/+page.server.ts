import { isTrained } from '#staff/person.ts';
import { answered, signedIn } from '../guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	answered(async () => {
		const { register, person } = await signedIn(event);
		return { trained: isTrained(person, register.now()) };
	});
