import { redirect, type RequestEvent } from '@sveltejs/kit';
import { deviceOf } from '#staff/session.ts';
import { signIn } from '#staff/sign-in.ts';
import { failed } from '../../guard.ts';
import { browserSecret, keepHalf, onward, welcome } from '../../session-cookie.ts';

/** Signs somebody in with what they gave and leads them on, to what they owe first; gives the form what was wrong. */
export async function entering(
	event: RequestEvent,
	given: () => Promise<{ name: string; password: string }>
): Promise<ReturnType<typeof failed>> {
	const { request, locals, cookies, getClientAddress, url } = event;
	let further: string;
	try {
		const { name, password } = await given();
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
