import { firstSignInName } from '#staff/password.ts';
import { formOf } from '../../form.ts';
import { entering } from '../sign-in/entering.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = () => ({ name: firstSignInName });

export const actions: Actions = {
	default: (event) =>
		entering(event, async () => {
			const form = await formOf(event.request);
			return { name: firstSignInName, password: String(form.get('secret') ?? '') };
		})
};
