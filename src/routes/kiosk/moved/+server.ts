import * as v from 'valibot';
import { moved } from '#visits/visiting.ts';
import { id, readForm } from '../../form.ts';
import { answered } from '../../guard.ts';
import { kioskOf } from '../device.ts';
import type { RequestHandler } from './$types';

const count = v.pipe(v.string(), v.transform(Number), v.finite(), v.minValue(0));
const Moved = v.object({ recording: id, positionMs: count, heardSeconds: count, ranges: v.optional(v.string()) });

/** The player tells where it is. */
export const POST: RequestHandler = ({ locals: { register }, cookies, request }) =>
	answered(async () => {
		const kiosk = await kioskOf(register, cookies);
		const { recording, ...at } = await readForm(request, Moved);
		await moved(register, kiosk, recording, at);
		return new Response(null, { status: 204 });
	});
