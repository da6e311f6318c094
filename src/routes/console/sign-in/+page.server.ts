import { formOf } from '../../form.ts';
import { entering } from './entering.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { register } }) => ({ demo: register.demo });

export const actions: Actions = {
	default: (event) =>
		entering(event, async () => {
			const form = await formOf(event.request);
			return { name: String(form.get('name') ?? ''), password: String(form.get('password') ?? '') };
		})
};
