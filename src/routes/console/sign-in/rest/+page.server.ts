import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { offer } from '#staff/second-factor.ts';
import { choose, enrol, finishWith, rest } from '#staff/sign-in.ts';
import { readForm } from '../../../form.ts';
import { answered, failed } from '../../../guard.ts';
import { halfSignIn, onward, welcome } from '../../../session-cookie.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** What is still wanted of one whose name and password were right: a password of their own, a second factor, its code. */
export const load: PageServerLoad = ({ locals, cookies, url }) =>
	answered(async () => {
		const { register, session } = locals;
		const back = onward(url);
		const half = register.halfSignIns.find(cookies.get(halfSignIn), register.now());
		// Just signed in, with recovery codes to show.
		if (!half && session) return { step: 'done' as const, back };
		if (!half) redirect(303, '/console/sign-in');
		const step = await rest(register, half);
		if (step === 'enrol') return { step, back, offer: offer(half.offered, half.signInName) };
		return { step, back };
	});

const filled = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200));
const Code = v.object({ code: filled });
const Chosen = v.object({ chosen: v.string(), again: v.string() });

export const actions: Actions = {
	password: (event) =>
		stepped(event, async (secret) => {
			const { chosen, again } = await readForm(event.request, Chosen);
			if (chosen !== again) return { differ: true };
			const session = await choose(event.locals.register, secret, chosen);
			if (!session) return {};
			return { session };
		}),
	code: (event) =>
		stepped(event, async (secret) => {
			const { code } = await readForm(event.request, Code);
			return { session: await finishWith(event.locals.register, secret, code) };
		}),
	enrol: (event) =>
		stepped(event, async (secret) => {
			const { code } = await readForm(event.request, Code);
			return enrol(event.locals.register, secret, code);
		})
};

interface Stepped {
	session?: string;
	codes?: string[];
	differ?: boolean;
}

/** One step: opens the session when it was the last, and goes on, unless there are recovery codes to show first. */
async function stepped(event: RequestEvent, work: (secret: string) => Promise<Stepped>) {
	const { cookies, locals, url } = event;
	const secret = cookies.get(halfSignIn) ?? '';
	const signInName = locals.register.halfSignIns.find(secret, locals.register.now())?.signInName ?? '';
	let done: Stepped;
	try {
		done = await work(secret);
	} catch (fault) {
		return failed(fault);
	}
	if (done.session) {
		welcome(event, done.session, signInName);
		if (!done.codes) redirect(303, onward(url));
	}
	return { codes: done.codes, differ: done.differ };
}
