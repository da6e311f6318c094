import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { several } from '#several.ts';
import { amiss, oddRequests } from '../support/fuzz.ts';
import { everyRole, serveHouse, type Served } from '../support/pages.ts';
import * as plant from '../support/plant.ts';
import { routeTable } from '../support/route-table.ts';

// Every route as it lies in src/routes, asked by everybody.

const routes = routeTable();
const secrets = ['Salainen Soittaja', 'salainen@esimerkki.example', '+358491234999'];

let served: Served;
let origin: string;
let cookies: string[];
let ids: string[];
let told: MockInstance;
beforeAll(async () => {
	served = await serveHouse();
	const { house } = served;
	origin = `http://127.0.0.1:${house.register.settings.port}`;
	const people = await Promise.all(everyRole.map((role) => plant.person(house, [role])));
	const [contact, agent] = people;
	if (!contact || !agent) throw new Error('nobody is there');
	const office = await plant.office(house);
	const kiosk = await plant.kiosk(house, office.id, contact.person.id);
	const recording = await plant.recording(house, agent.person, Buffer.from('RIFF'));
	const request = await plant.request(house, contact.person.id, {
		name: secrets[0],
		reach: secrets[1],
		remembers: `Soitin numerosta ${secrets[2]}`
	});
	const place = { request: request.id, office: office.id, kiosk: kiosk.id, bookedBy: contact.person.id };
	const appointment = await plant.appointment(house, place);
	ids = [office, kiosk, recording, request, appointment, agent.person].map(({ id }) => id);
	cookies = ['', `__Host-kiosk=${kiosk.secret}`, ...people.map((one) => served.session(one))];
});
afterAll(() => served.close());
beforeEach(() => void (told = vi.spyOn(console, 'error')));
afterEach(() => told.mockRestore());

/** Asks once; of an answer that goes on for ever only the beginning is read. */
async function ask(
	method: string,
	address: string,
	cookie: string,
	headers: Record<string, string> = {},
	body?: string
) {
	const over = new AbortController();
	const answer = await fetch(`${origin}${address}`, {
		method,
		redirect: 'manual',
		signal: over.signal,
		headers: { Cookie: cookie, Origin: origin, 'Sec-Fetch-Site': 'same-origin', ...headers },
		...(body === undefined ? {} : { body })
	});
	// Nothing hangs: whatever is slow answers that it is.
	const patience = setTimeout(() => over.abort(), 20_000);
	const goesOn = answer.headers.get('content-type')?.startsWith('text/event-stream');
	const text = goesOn ? '' : await answer.text();
	clearTimeout(patience);
	over.abort();
	return { status: answer.status, headers: answer.headers, text };
}

const filled = (address: string): string => address.replaceAll(/\[\w+\]/g, 'abcdefghijklmn1');

describe('what every answer carries', () => {
	const always = {
		'x-content-type-options': 'nosniff',
		'x-frame-options': 'DENY',
		'referrer-policy': 'same-origin',
		'cross-origin-opener-policy': 'same-origin',
		'cross-origin-resource-policy': 'same-origin',
		'permissions-policy': expect.stringContaining('microphone=()'),
		'cache-control': 'no-store'
	};

	it.each([
		...routes.map(({ address }) => address),
		'/nothing',
		'/console/nothing',
		'/audio',
		'/audio/abcdefghijklmn1',
		'/healthz',
		'/readyz'
	])('%s', async (address) => {
		for (const cookie of cookies) {
			const { status, headers, text } = await ask('GET', filled(address), cookie);
			expect(status, address).toBeLessThan(500);
			expect(Object.fromEntries(headers)).toMatchObject(always);
			for (const set of headers.getSetCookie()) {
				expect(set).toMatch(/^__Host-\w+=.*; Path=\/;/);
				for (const word of ['HttpOnly', 'Secure', 'SameSite=Strict']) expect(set).toContain(word);
			}
			if (!headers.get('content-type')?.startsWith('text/html')) continue;
			const policy = headers.get('content-security-policy') ?? '';
			expect(policy).toContain("default-src 'none'");
			expect(policy).toMatch(/script-src 'self' 'nonce-[\w+/=]+'/);
			expect(policy).not.toContain('unsafe-inline');
			for (const [script] of text.matchAll(/<script\b[^>]*>/g)) expect(script).toMatch(/nonce="|src="/);
			expect(text).not.toMatch(/<style\b(?![^>]*nonce=)| on[a-z]+="/);
		}
	});

	it('what is sent from another site changes nothing, on any route', async () => {
		for (const { address, actions } of routes) {
			for (const action of actions.length > 0 ? actions : [undefined]) {
				const place = `${filled(address)}${action ? `?/${action}` : ''}`;
				const theirs: Record<string, string>[] = [
					{ Origin: 'https://elsewhere.example' },
					{ 'Sec-Fetch-Site': 'cross-site' }
				];
				for (const headers of theirs) {
					expect((await ask('POST', place, cookies[2] ?? '', headers)).status, place).toBe(403);
				}
			}
		}
	});
});

it('odd requests over every route and action are answered, and give nothing away', { timeout: 3_600_000 }, async () => {
	const wrong: string[] = [];
	const odd = fc.sample(oddRequests(routes, cookies.length, ids), {
		numRuns: Number(process.env['ODD_REQUESTS'] ?? 1000),
		seed: 20261125
	});
	await several(odd, 8, async ({ who, method, address, headers, body }) => {
		const once = () => ask(method, address, cookies[who] ?? '', headers, body);
		// A server may close a connection just when the next request is under way on it: asked anew, as browsers do.
		const answer = await once().catch(once);
		// The contact person may see whose request it is; nobody else may.
		const what = amiss(answer, who === 2 ? [] : secrets);
		if (what) wrong.push(`${what}: ${who} ${method} ${address.slice(0, 120)}`);
	});
	expect([wrong, told.mock.calls.map(([line]) => String(line).slice(0, 200))]).toEqual([[], []]);
});
