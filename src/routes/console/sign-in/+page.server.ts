import { redirect } from '@sveltejs/kit';
import { deviceOf } from '#staff/session.ts';
import { signIn } from '#staff/sign-in.ts';
import { failed } from '../../guard.ts';
import { keepSession, onward } from '../../session-cookie.ts';
import type { Actions } from './$types';

export const actions: Actions = {
	default: async ({ request, locals: { register }, cookies, getClientAddress, url }) => {
		const form = await request.formData();
		const [name, password] = [String(form.get('name') ?? ''), String(form.get('password') ?? '')];
		try {
			const device = deviceOf(request.headers.get('user-agent'));
			keepSession(cookies, await signIn(register, name, password, getClientAddress(), { device }));
		} catch (fault) {
			return failed(fault);
		}
		redirect(303, onward(url));
	}
};
