import type { Cookies } from '@sveltejs/kit';
import type { Register } from '#register.server.ts';
import type { Settings } from '#settings.ts';
import type { Language } from '#ui/language.svelte.ts';
import { view, type KioskView } from '#visits/showing.ts';
import type { Controller } from './FullNotice.svelte';
import { forgetDress, keepLanguage, secretOf } from './device.ts';

/** All that a kiosk's page is drawn from; it goes through JSON unchanged. */
export interface ScreenNow {
	view: KioskView;
	/** The visit's language, which goes before the browser's. */
	language: Language;
	demo: boolean;
	/** On the notice only. */
	controller: Controller | undefined;
}

/** What the device that asks shows now. What its browser remembers of a visitor is put right beside. */
export async function screenNow(
	register: Register,
	{ cookies, request }: { cookies: Cookies; request: Request },
	spoken: Language
): Promise<ScreenNow> {
	const now = await view(register, secretOf(cookies), request.headers.get('cookie'));
	const language = 'visit' in now ? now.visit.language : spoken;
	if (language !== spoken) keepLanguage(cookies, language);
	if (!('visit' in now)) forgetDress(cookies);
	return {
		view: now,
		language,
		demo: register.demo,
		controller: now.screen === 'notice' ? controllerOf(register.settings) : undefined
	};
}

/** Whom the notice names, and no other screen (register description § 1, 2). */
function controllerOf(settings: Settings): Controller {
	return {
		name: settings.controllerName,
		id: settings.controllerId,
		post: settings.controllerPost,
		contact: {
			name: settings.contactName,
			post: settings.contactPost,
			visit: settings.contactVisit,
			phone: settings.contactPhone
		}
	};
}
