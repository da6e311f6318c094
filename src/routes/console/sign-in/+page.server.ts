import { redirect } from '@sveltejs/kit';
import { deviceOf } from '#staff/session.ts';
import { signIn } from '#staff/sign-in.ts';
import { formOf } from '../../form.ts';
import { failed } from '../../guard.ts';
import { browserSecret, keepHalf, onward, welcome } from '../../session-cookie.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { register } }) => ({ demo: register.demo });

export const actions: Actions = {
	default: async (event) => {
		const { request, locals, cookies, getClientAddress, url } = event;
		let further: string;
		try {
			const form = await formOf(request);
			const [name, password] = [String(form.get('name') ?? ''), String(form.get('password') ?? '')];
			const answer = await signIn(locals.register, name, password, {
				address: getClientAddress(),
				device: deviceOf(request.headers.get('user-agent')),
				browser: browserSecret(cookies)
			});
			if ('session' in answer) {
				welcome(event, answer.session, name.trim().toLowerCase());
				further = onward(url);
			} else {
				keepHalf(cookies, answer.half);
				further = `/console/sign-in/rest?to=${encodeURIComponent(onward(url))}`;
			}
		} catch (fault) {
			return failed(fault);
		}
		redirect(303, further);
	}
};
