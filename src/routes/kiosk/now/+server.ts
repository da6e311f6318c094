import { json } from '@sveltejs/kit';
import { answered } from '../../guard.ts';
import { screenNow } from '../screen-now.ts';
import type { RequestHandler } from './$types';

/** What the kiosk shows now. */
export const GET: RequestHandler = ({ locals: { register, language }, cookies, request }) =>
	answered(async () => json(await screenNow(register, { cookies, request }, language)));
