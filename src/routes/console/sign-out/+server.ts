import { redirect } from '@sveltejs/kit';
import { signOut } from '#staff/sign-in.ts';
import { answered } from '../../guard.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals: { register }, cookies }) => {
	await answered(() => signOut(register, cookies.get('__Host-session')));
	cookies.delete('__Host-session', { path: '/', secure: true, httpOnly: true, sameSite: 'strict' });
	redirect(303, '/console/sign-in');
};
