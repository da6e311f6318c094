import { redirect } from '@sveltejs/kit';
import { signOut } from '#staff/sign-in.ts';
import { answered } from '../../guard.ts';
import { forgetSession, sessionSecret } from '../../session-cookie.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals: { register }, cookies }) => {
	await answered(() => signOut(register, sessionSecret(cookies)));
	forgetSession(cookies);
	redirect(303, '/console/sign-in');
};
