import { error, redirect } from '@sveltejs/kit';
import { isLanguage } from '#ui/language.svelte.ts';
import { formOf } from '../form.ts';
import { answered } from '../guard.ts';
import type { RequestHandler } from './$types';

/** Remembers the language of this browser and goes back to where the person was. */
export const POST: RequestHandler = async ({ request, cookies }) => {
	const form = await answered(() => formOf(request));
	const [language, to] = [form.get('language'), String(form.get('to') ?? '')];
	if (!isLanguage(language)) error(400, 'unknown language');
	cookies.set('__Host-language', language, { path: '/', secure: true, sameSite: 'strict', maxAge: 400 * 24 * 3600 });
	// A path of this site only: nobody is sent elsewhere.
	redirect(303, /^\/(?![/\\])/.test(to) ? to : '/console');
};
