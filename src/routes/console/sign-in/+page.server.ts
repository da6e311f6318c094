import { redirect } from '@sveltejs/kit';
import { signIn } from '#staff/sign-in.ts';
import { failed } from '../../guard.ts';
import type { Actions } from './$types';

export const actions: Actions = {
	default: async ({ request, locals: { register }, cookies, getClientAddress, url }) => {
		const form = await request.formData();
		const [name, password] = [String(form.get('name') ?? ''), String(form.get('password') ?? '')];
		try {
			const secret = await signIn(register, name, password, getClientAddress());
			cookies.set('__Host-session', secret, { path: '/', secure: true, httpOnly: true, sameSite: 'strict' });
		} catch (fault) {
			return failed(fault);
		}
		const to = url.searchParams.get('to') ?? '';
		redirect(303, /^\/console(\/|$)/.test(to) ? to : '/console');
	}
};
