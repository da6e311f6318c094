import { fileURLToPath } from 'node:url';
import type { Role } from '#staff/person.ts';
import { listen, type Pages } from '#server.ts';
import { openHouse, type House } from './house.ts';
import { freePort } from './serving.ts';

/** A house whose built pages are served, and what a person in it gets from them. */
export interface Served {
	house: House;
	/** Asks for a page or for audio as the holder of a cookie; a media element asks for audio, a person for pages. */
	ask(address: string, cookie: string): Promise<{ status: number; text: string }>;
	/** Sends a form as the holder of a cookie, from our own pages. `to` is where the answer leads on to. */
	send(
		address: string,
		cookie: string,
		form: Record<string, string>
	): Promise<{ status: number; text: string; to: string | null }>;
	/** The cookie of a session of this person. */
	session(person: { person: { id: string }; token: string }): string;
	close(): Promise<void>;
}

export const everyRole: Role[] = ['contact_person', 'agent', 'supervisor', 'maintainer', 'auditor'];

/** Opens a house and serves the pages as `npm run build` made them. */
export async function serveHouse(): Promise<Served> {
	const port = await freePort();
	const origin = `http://127.0.0.1:${port}`;
	const house = await openHouse({ KUUNTELUPISTE_PORT: String(port) });
	process.env['ORIGIN'] = origin;
	const { handler }: { handler: Pages } = await import(
		fileURLToPath(new URL('../../build/handler.js', import.meta.url))
	);
	const server = await listen(house.register, handler);
	return {
		house,
		async ask(address, cookie) {
			const player = { 'Sec-Fetch-Dest': 'audio', 'Sec-Fetch-Site': 'same-origin' };
			const answer = await fetch(`${origin}${address}`, {
				redirect: 'manual',
				headers: { Cookie: cookie, ...(address.startsWith('/audio') ? player : {}) }
			});
			return { status: answer.status, text: Buffer.from(await answer.arrayBuffer()).toString('latin1') };
		},
		async send(address, cookie, form) {
			const answer = await fetch(`${origin}${address}`, {
				method: 'POST',
				redirect: 'manual',
				headers: { Cookie: cookie, Origin: origin, 'Sec-Fetch-Site': 'same-origin', Accept: 'text/html' },
				body: new URLSearchParams(form)
			});
			return { status: answer.status, text: await answer.text(), to: answer.headers.get('location') };
		},
		session({ person, token }) {
			return `__Host-session=${house.register.sessions.open(person.id, token, house.register.now())}`;
		},
		async close() {
			await server.close();
			await house.close();
		}
	};
}
