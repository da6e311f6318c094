import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import { moved } from '#visits/visiting.ts';
import { id, readForm } from '../../form.ts';
import { answered } from '../../guard.ts';
import { kioskOf } from '../device.ts';
import type { RequestHandler } from './$types';

const count = v.pipe(v.string(), v.transform(Number), v.finite(), v.minValue(0));
const Moved = v.object({
	recording: id,
	positionMs: count,
	heardSeconds: count,
	ranges: v.optional(v.string()),
	page: v.pipe(v.string(), v.maxLength(40)),
	number: count
});

/** The player tells where it is, and hears whether there still is a listening. */
export const POST: RequestHandler = ({ locals: { register }, cookies, request }) =>
	answered(async () => {
		const kiosk = await kioskOf(register, cookies);
		const { recording, page, number, ...at } = await readForm(request, Moved);
		return json({ listens: await moved(register, kiosk, recording, { ...at, report: { page, number } }) });
	});
