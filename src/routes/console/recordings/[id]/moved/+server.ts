import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import { readForm } from '../../../../form.ts';
import { guarded } from '../../../../guard.ts';
import { sessionSecret } from '../../../../session-cookie.ts';
import type { RequestHandler } from './$types';

const count = v.pipe(v.string(), v.transform(Number), v.finite(), v.minValue(0));
const Moved = v.object({ positionMs: count, heardSeconds: count, ranges: v.optional(v.string()) });

/**
 * The player tells where it is, and hears whether there still is a listening. Whoever listens is at work, with their
 * hands still: a sound that goes on keeps awake.
 */
export const POST: RequestHandler = guarded(
	['listen_own', 'listen_team'],
	async ({ register, person, session }, { request, params, cookies }) => {
		const listener = { kind: 'staff', person, token: session.token } as const;
		const listens = await register.listenings.progress(register, listener, params.id, await readForm(request, Moved));
		if (listens) register.sessions.find(sessionSecret(cookies), register.now());
		return json({ listens });
	}
);
