import * as v from 'valibot';
import { alive } from '#visits/kiosk.ts';
import { readForm } from '../../form.ts';
import { answered } from '../../guard.ts';
import { kioskOf } from '../device.ts';
import type { RequestHandler } from './$types';

const Alive = v.object({ version: v.pipe(v.string(), v.regex(/^[\w.+-]{1,40}$/)) });

/** The kiosk tells that it is there, and which version it shows. */
export const POST: RequestHandler = ({ locals: { register }, cookies, request }) =>
	answered(async () => {
		const kiosk = await kioskOf(register, cookies);
		await alive(register, kiosk, (await readForm(request, Alive)).version);
		return new Response(null, { status: 204 });
	});
