import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { error, type Handle, type HandleServerError, type RequestEvent } from '@sveltejs/kit';
import { publicOrigin } from '#settings.ts';
import type { Register } from '#register.server.ts';
import { isLanguage, type Language } from '#ui/language.svelte.ts';
import { overwriteGetLocale } from '#ui/words/compiled/runtime.js';

const speaking = new AsyncLocalStorage<Language>();
overwriteGetLocale(() => speaking.getStore() ?? 'fi');

/**
 * The one door of the pages: puts the register, the language and the session beside the request, and lets nothing in
 * that another site sent. Who may do what is decided by each page's guard; a page without one shows nobody anything.
 */
export const handle: Handle = async ({ event, resolve }) => {
	const register = registerOf(event);
	if (!register) error(503, 'no register');
	if (event.platform) Object.assign(event.platform.req, { route: event.route.id ?? '(none)' });
	if (namesNoAction(event.url)) error(404, 'no such action');
	if (sentByAnotherSite(event.request, publicOrigin(register.settings))) error(403, 'another site');

	const wanted = event.cookies.get('__Host-language');
	event.locals.register = register;
	event.locals.language = isLanguage(wanted) ? wanted : 'fi';
	event.locals.session = register.sessions.find(event.cookies.get('__Host-session'), register.now(), {
		awake: !isByItself(event)
	});
	return speaking.run(event.locals.language, async () => {
		const response = await resolve(event, {
			transformPageChunk: ({ html }) => html.replace('%lang%', event.locals.language)
		});
		response.headers.set('Cache-Control', 'no-store');
		return response;
	});
};

/** What the server has put beside the request. */
function registerOf({ platform }: RequestEvent): Register | undefined {
	return (platform?.req as (IncomingMessage & { register?: Register }) | undefined)?.register;
}

// A screen that listens for news, looks again when there are some, or tells where its sound is, is not a person at work;
// that a sound goes on keeps a session awake, which is for its own endpoint to say.
function isByItself({ request, cookies, route }: RequestEvent): boolean {
	return (
		request.headers.get('accept')?.includes('text/event-stream') === true ||
		cookies.get('__Host-by-itself') !== undefined ||
		route.id === '/console/recordings/[id]/moved'
	);
}

// SameSite cookies and this check stand behind each other: whoever loses one still meets the other.
function sentByAnotherSite(request: Request, origin: string): boolean {
	if (request.method === 'GET' || request.method === 'HEAD') return false;
	const site = request.headers.get('sec-fetch-site');
	return request.headers.get('origin') !== origin || (site !== null && site !== 'same-origin');
}

// Kit takes an action's name for a key of a plain object, and would call what every object has (`?/constructor`).
function namesNoAction(url: URL): boolean {
	const asked = [...url.searchParams.keys()].find((name) => name.startsWith('/'));
	return asked !== undefined && (asked === '/default' || asked.slice(1) in Object.prototype);
}

/** Nothing internal reaches a visitor: what was not foreseen is told to the operator by its places in the code only. */
export const handleError: HandleServerError = ({ error: fault, event, status, message }) => {
	if (status === 404) return { message, kind: 'missing' };
	// Asked in a way that no page of ours asks: of no concern to the operator.
	if (status < 500) return { message, kind: 'invalid' };
	const asked = { method: event.request.method, route: event.route.id ?? '(none)' };
	// What fails before the door is opened (a page that cannot be loaded) has no locals yet.
	registerOf(event)?.journal.error('unexpected in a page', { fault, ...asked });
	return { message: 'unexpected' };
};
