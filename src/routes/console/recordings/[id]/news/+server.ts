import { whoIs } from '#staff/sign-in.ts';
import { eventStream } from '../../../../event-stream.ts';
import { guarded } from '../../../../guard.ts';
import type { RequestHandler } from './$types';

/** A stop reaches the loudspeaker within a second: so often it is asked whether the listening may go on. */
const askEveryMs = 400;

/**
 * Says "stop" when a person may not hear this recording any more, and then is silent. A browser plays on what it has
 * got already, so cutting off the answers that run is not enough.
 */
export const GET: RequestHandler = guarded(
	['listen_own', 'listen_team'],
	async ({ register, person }, { request, params, cookies }) => {
		const secret = cookies.get('__Host-session');
		const now = async () => {
			const session = register.sessions.find(secret, register.now(), { awake: false });
			const who = session && (await whoIs(register, session));
			return who && session && ({ kind: 'staff', person: who, token: session.token } as const);
		};
		return eventStream(request, (send) => {
			let asking = false;
			const timer = setInterval(() => {
				if (asking) return;
				asking = true;
				// Whoever cannot be asked about hears nothing.
				now()
					.then((who) => register.listenings.stillMay(register, person.id, params.id, who))
					.catch(() => false)
					.then((may) => (may ? (asking = false) : stop()));
			}, askEveryMs);
			const stop = (): void => {
				clearInterval(timer);
				send('stop');
			};
			return () => clearInterval(timer);
		});
	}
);
