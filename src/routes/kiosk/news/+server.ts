import { version } from '$app/environment';
import { Failure } from '#failures.ts';
import { byDevice } from '#visits/kiosk.ts';
import { eventStream } from '../../event-stream.ts';
import { answered } from '../../guard.ts';
import { secretOf } from '../device.ts';
import type { RequestHandler } from './$types';

/** A kiosk that hears nothing for longer than this knows that the line is cut, where nothing else tells it. */
const beatMs = 3000;

/** Says "look again" when something changes at this kiosk, and in between "here" with the version that is served. */
export const GET: RequestHandler = ({ locals: { register }, cookies, request }) =>
	answered(async () => {
		const secret = secretOf(cookies);
		const kiosk = await byDevice(register, secret);
		// A device that waits for its approval has no name to be told by: it looks at every change, ten minutes long.
		if (!kiosk && !register.pairings.codeOf(secret, register.now())) throw new Failure('refused', 'no_kiosk');
		return eventStream(request, (send) => {
			const beat = setInterval(() => send(`here ${version}`), beatMs);
			const deaf = register.news.hear((change) => {
				if (!kiosk || change.kiosk === kiosk.id) send();
			});
			return () => {
				clearInterval(beat);
				deaf();
			};
		});
	});
