import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parse as parseCookies } from 'cookie';
import { readiness } from '#health.ts';
import { answerAudio } from '#listening/audio.ts';
import type { Listener } from '#listening/listener.ts';
import type { Register } from '#register.server.ts';
import { publicOrigin } from '#settings.ts';
import { whoIs } from '#staff/sign-in.ts';
import { byDevice } from '#visits/kiosk.ts';
import { current } from '#visits/visiting.ts';

/** Answers everything but the audio: SvelteKit's handler, as the adapter builds it. */
export type Pages = (request: IncomingMessage, response: ServerResponse) => unknown;

/** How long answers that run may take to end when the server stops. */
const graceMs = 1000;

/**
 * The web server, listening on the settings' host and port: `/audio/…` it answers itself, before and without the
 * pages, and hands the rest to them with the register beside the request. Refuses any other host than the public
 * origin's (421), so that no foreign name can be pointed at it. `close` ends every listening first.
 */
export async function listen(register: Register, pages?: Pages): Promise<{ close(): Promise<void> }> {
	const { host, port } = register.settings;
	const origin = new URL(publicOrigin(register.settings));
	const server = createServer(
		{
			headersTimeout: 10_000,
			requestTimeout: 30_000,
			keepAliveTimeout: 10_000,
			maxHeaderSize: 16_384,
			connectionsCheckingInterval: 2_000
		},
		(request, response) => {
			for (const [name, value] of Object.entries(always)) response.setHeader(name, value);
			if (origin.protocol === 'https:')
				response.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
			if (request.url === '/healthz' || request.url === '/readyz') return void tellHealth(register, request, response);
			if (request.headers.host?.toLowerCase() !== origin.host) return void response.writeHead(421).end();
			const id = requestId();
			response.setHeader('X-Request-Id', id);
			register.journal.inRequest(id, () => {
				tellOf(register, request, response);
				void answer(register, request, response, pages);
			});
		}
	);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, resolve);
	});
	return {
		async close() {
			const closed = new Promise((resolve) => server.close(resolve));
			const patience = setTimeout(() => server.closeAllConnections(), graceMs);
			await register.listenings.end(register, {}, 'server_stopped').catch(() => undefined);
			await closed;
			clearTimeout(patience);
		}
	};
}

/** 64 random bits in hex. Node draws those of a UUID for many at once, and randomBytes for each request anew. */
function requestId(): string {
	const uuid = randomUUID();
	return uuid.slice(0, 8) + uuid.slice(-8);
}

/** What every answer carries. The kiosk and the console need nothing of the device but its loudspeaker. */
const always = {
	'X-Content-Type-Options': 'nosniff',
	'X-Frame-Options': 'DENY',
	'Referrer-Policy': 'same-origin',
	'Cross-Origin-Opener-Policy': 'same-origin',
	'Cross-Origin-Resource-Policy': 'same-origin',
	// For whatever is no page; the pages have their own, with a nonce.
	'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
	'Permissions-Policy':
		'camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), hid=(), midi=(), clipboard-read=(), clipboard-write=()'
};

/**
 * For whoever watches the server, under whatever name they ask: `/healthz` says that it lives, `/readyz` whether it can
 * work (503 when not, and what it lacks). Neither says anything of what the register holds.
 */
async function tellHealth(register: Register, { url }: IncomingMessage, response: ServerResponse): Promise<void> {
	response.setHeader('Cache-Control', 'no-store');
	if (url === '/healthz') return void response.end('alive\n');
	const ready = await readiness(register);
	response.writeHead(Object.values(ready).every(Boolean) ? 200 : 503, { 'Content-Type': 'application/json' });
	response.end(JSON.stringify(ready));
}

/** One line a request when it is over: what kind it was, never the address or who asked. */
function tellOf({ journal }: Register, request: IncomingMessage & { route?: string }, response: ServerResponse): void {
	const began = performance.now();
	response.once('close', () => {
		const { statusCode: status, writableFinished } = response;
		const route = request.url?.startsWith('/audio/') ? '/audio/[id]' : request.route;
		const facts = { method: request.method, route, status, ms: Math.round(performance.now() - began) };
		if (status >= 500) journal.warn('answered', facts);
		else journal.debug(writableFinished ? 'answered' : 'cut off', facts);
	});
}

async function answer(
	register: Register,
	request: IncomingMessage,
	response: ServerResponse,
	pages: Pages | undefined
): Promise<void> {
	try {
		if (/^\/audio(?:[/?]|$)/.test(request.url ?? '')) {
			await answerAudio(register, request, response, identify);
		} else if (pages) {
			await pages(Object.assign(request, { register }), response);
		} else {
			response.writeHead(404).end();
		}
	} catch (fault) {
		register.journal.error('unexpected in a request', { fault });
		response.destroy();
	}
}

/**
 * Who asks for audio: the kiosk by its device's cookie and the visit at it, else the signed-in person. A running
 * answer does not keep a session awake; that its sound goes on does (`recordings/[id]/moved`).
 */
async function identify(register: Register, request: IncomingMessage): Promise<Listener | undefined> {
	const cookies = parseCookies(request.headers.cookie ?? '');
	const device = cookies['__Host-kiosk'];
	const kiosk = device ? await byDevice(register, device) : undefined;
	if (kiosk) return { kind: 'kiosk', kiosk, visit: await current(register, kiosk) };
	const session = register.sessions.find(cookies['__Host-session'], register.now(), { awake: false });
	const person = session && (await whoIs(register, session));
	return person && { kind: 'staff', person, token: session.token };
}
