import type { Cookies } from '@sveltejs/kit';

const name = '__Host-session';
const always = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

/** The secret of the browser's session, which it never shows to a script. */
export function sessionSecret(cookies: Cookies): string | undefined {
	return cookies.get(name);
}

export function keepSession(cookies: Cookies, secret: string): void {
	cookies.set(name, secret, always);
}

export function forgetSession(cookies: Cookies): void {
	cookies.delete(name, always);
}

/** Where to go on after a door: the console's own page that was asked for, else its first. */
export function onward(url: URL): string {
	const to = url.searchParams.get('to') ?? '';
	return /^\/console(\/|$)/.test(to) ? to : '/console';
}
