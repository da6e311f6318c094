import type { Cookies, RequestEvent } from '@sveltejs/kit';

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

/** The secret of a sign-in that is under way. */
export const halfSignIn = '__Host-half-sign-in';

/** By which a browser is known that its person has signed in from before; it opens nothing. */
const knownBrowser = '__Host-known-browser';
const halfAYear = 182 * 24 * 3600;

/** A signed-in browser: its session, and that it is known from now on. */
export function welcome({ cookies, locals }: RequestEvent, secret: string, signInName: string): void {
	const { register } = locals;
	keepSession(cookies, secret);
	locals.session = register.sessions.find(secret, register.now());
	cookies.delete(halfSignIn, always);
	if (register.signInLimits.knows(signInName, cookies.get(knownBrowser))) return;
	cookies.set(knownBrowser, register.signInLimits.remember(signInName), { ...always, maxAge: halfAYear });
}

export function browserSecret(cookies: Cookies): string | undefined {
	return cookies.get(knownBrowser);
}

/** A sign-in that wants more than a password. */
export function keepHalf(cookies: Cookies, secret: string): void {
	cookies.set(halfSignIn, secret, always);
}

/** Where to go on after a door: the console's own page that was asked for, else its first. */
export function onward(url: URL): string {
	const to = url.searchParams.get('to') ?? '';
	return /^\/console(\/|$)/.test(to) ? to : '/console';
}
