import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { stepUp } from '#staff/step-up.ts';
import { readForm } from '../../form.ts';
import { answered, failed, signedIn } from '../../guard.ts';
import { keepSession, onward, sessionSecret } from '../../session-cookie.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
	answered(async () => {
		const { register } = await signedIn(event);
		return { secondFactor: register.secondFactor };
	});

const Proof = v.object({ proof: v.pipe(v.string(), v.nonEmpty()) });

export const actions: Actions = {
	default: async (event) => {
		const { request, cookies, url } = event;
		try {
			const { register, person } = await signedIn(event);
			const { proof } = await readForm(request, Proof);
			keepSession(cookies, await stepUp(register, person, sessionSecret(cookies) ?? '', proof));
		} catch (fault) {
			return failed(fault);
		}
		redirect(303, onward(url));
	}
};
