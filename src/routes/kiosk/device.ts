import type { Cookies, RequestEvent } from '@sveltejs/kit';
import { Failure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import type { Language } from '#ui/language.svelte.ts';
import { byDevice, type Kiosk } from '#visits/kiosk.ts';
import * as v from 'valibot';
import { failed } from '../guard.ts';
import { DressForm, plainDress } from './dress-form.ts';
import { fieldsOf, type Dress } from './dress.ts';

const device = '__Host-kiosk';
const spoken = '__Host-language';
const worn = '__Host-dress';
const always = { path: '/', secure: true, sameSite: 'strict' } as const;

/** The secret that this device has, if it has one. */
export function secretOf(cookies: Cookies): string | undefined {
	return cookies.get(device);
}

/** Gives the device its secret; the browser keeps it for 400 days at most, and no script sees it. */
export function keepSecret(cookies: Cookies, secret: string): void {
	cookies.set(device, secret, { ...always, httpOnly: true, maxAge: 400 * 24 * 3600 });
}

/** Remembers the visitor's language, so that a restarted browser speaks it too. */
export function keepLanguage(cookies: Cookies, language: Language): void {
	cookies.set(spoken, language, { ...always, maxAge: 24 * 3600 });
}

/** The language that somebody chose at this screen; undefined when nobody did. */
export function chosenLanguage(cookies: Cookies): string | undefined {
	return cookies.get(spoken);
}

/** Remembers, for the visit, how its visitor set screen and sound. */
export function keepDress(cookies: Cookies, dress: Dress): void {
	const value = new URLSearchParams(fieldsOf(dress)).toString();
	cookies.set(worn, value, { ...always, httpOnly: true, maxAge: 24 * 3600 });
}

/** How the visitor of now set screen and sound. */
export function dressOf(cookies: Cookies): Dress {
	const kept = v.safeParse(DressForm, Object.fromEntries(new URLSearchParams(cookies.get(worn))));
	return kept.success ? kept.output : plainDress;
}

/** Without a visitor there is nothing to remember of how they set it. */
export function forgetDress(cookies: Cookies): void {
	if (cookies.get(worn) !== undefined) cookies.delete(worn, { ...always, httpOnly: true });
}

/** The next visitor begins in the first language again, and with everything as it was. */
export function forgetVisitor(cookies: Cookies): void {
	cookies.delete(spoken, always);
	forgetDress(cookies);
}

/** The kiosk that asks; refuses whoever is none. */
export async function kioskOf(register: Register, cookies: Cookies): Promise<Kiosk> {
	const kiosk = await byDevice(register, secretOf(cookies));
	if (!kiosk) throw new Failure('refused', 'no_kiosk');
	return kiosk;
}

/** A form action of a paired kiosk; a Failure comes back to the screen as one. */
export function atKiosk<T>(work: (register: Register, kiosk: Kiosk, event: RequestEvent) => Promise<T>) {
	return async (event: RequestEvent) => {
		try {
			const { register } = event.locals;
			return await work(register, await kioskOf(register, event.cookies), event);
		} catch (fault) {
			return failed(fault);
		}
	};
}
