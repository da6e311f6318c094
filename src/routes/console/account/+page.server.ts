import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { isFresh } from '#staff/session.ts';
import * as ownSessions from '#staff/own-sessions.ts';
import { choosePassword } from '#staff/password.ts';
import * as secondFactor from '#staff/second-factor.ts';
import { readForm } from '../../form.ts';
import { answered, failed, signedIn, type Door } from '../../guard.ts';
import { keepSession, sessionSecret } from '../../session-cookie.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** A person's own sessions, second factor and password; everybody has this page. */
export const load: PageServerLoad = (event) =>
	answered(async () => {
		const { register, person, session } = await signedIn(event);
		return {
			sessions: ownSessions.list(register, person.id, session),
			secondFactor: register.secondFactor,
			recoveryLeft: register.secondFactor ? await secondFactor.recoveryLeft(register, person.id) : 0
		};
	});

const One = v.object({ session: v.string() });
const Password = v.object({ old: v.string(), chosen: v.string(), again: v.string() });

export const actions: Actions = {
	end: (event) =>
		asOneself(event, async ({ register, person }) => {
			await ownSessions.end(register, person, person.id, { only: (await readForm(event.request, One)).session });
			return { ended: true };
		}),
	endOthers: (event) =>
		asOneself(event, async ({ register, person, session }) => {
			await ownSessions.end(register, person, person.id, { spare: session.id });
			return { ended: true };
		}),
	codes: (event) =>
		asOneself(event, async ({ register, person, session }) => {
			if (!isFresh(session, register.now())) redirect(303, '/console/confirm?to=/console/account');
			return { codes: await secondFactor.renewRecovery(register, person.id) };
		}),
	password: (event) =>
		asOneself(event, async ({ register, person, session }) => {
			const { old, chosen, again } = await readForm(event.request, Password);
			if (chosen !== again) return { differ: true };
			await register.signInLimits.allowProof(person.id);
			const { token } = await choosePassword(
				register,
				{ person: person.id, signInName: person.signInName },
				{ old, chosen }
			);
			await register.signInLimits.rightProof(person.id);
			// The other sessions' tokens are void with the old password.
			await ownSessions.end(register, person, person.id, { spare: session.id });
			const renewed = register.sessions.renew(sessionSecret(event.cookies) ?? '', register.now(), { token });
			if (renewed) {
				keepSession(event.cookies, renewed);
				event.locals.session = register.sessions.find(renewed, register.now());
			}
			return { changed: true };
		})
};

interface Done {
	ended?: boolean;
	changed?: boolean;
	differ?: boolean;
	codes?: string[];
}

async function asOneself(event: RequestEvent, work: (door: Door) => Promise<Done>) {
	try {
		return { done: await work(await signedIn(event)) };
	} catch (fault) {
		return failed(fault);
	}
}
