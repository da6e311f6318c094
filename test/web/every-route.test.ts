import { once } from 'node:events';
import { Agent, get, request, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { verify } from '#access-log/verify.ts';
import { listen } from '#server.ts';
import { several } from '#several.ts';
import { amiss, oddRequests } from '../support/fuzz.ts';
import { everyRole, serveHouse, type Served } from '../support/pages.ts';
import * as plant from '../support/plant.ts';
import { routeTable, type Route } from '../support/route-table.ts';
import { freePort } from '../support/serving.ts';

// Every route as it lies in src/routes, asked by everybody.

const routes = routeTable();
const secrets = ['Salainen Soittaja', 'salainen@esimerkki.example', '+358491234999'];

let served: Served;
let origin: string;
let everyone: Awaited<ReturnType<typeof plant.person>>[];
let cookies: string[];
let ids: string[];
let told: MockInstance;
beforeAll(async () => {
	served = await serveHouse();
	const { house } = served;
	origin = `http://127.0.0.1:${house.register.settings.port}`;
	everyone = await Promise.all(everyRole.map((role) => plant.person(house, [role])));
	const [contact, agent] = everyone;
	if (!contact || !agent) throw new Error('nobody is there');
	const office = await plant.office(house);
	const kiosk = await plant.kiosk(house, office.id, contact.person.id);
	const recording = await plant.recording(house, agent.person, Buffer.from('RIFF'));
	const planted = await plant.request(house, contact.person.id, {
		name: secrets[0],
		reach: secrets[1],
		remembers: `Soitin numerosta ${secrets[2]}`
	});
	const place = { request: planted.id, office: office.id, kiosk: kiosk.id, bookedBy: contact.person.id };
	const appointment = await plant.appointment(house, place);
	ids = [office, kiosk, recording, planted, appointment, agent.person].map(({ id }) => id);
	cookies = ['', `__Host-kiosk=${kiosk.secret}`, ...everyone.map((one) => served.session(one))];
});
afterAll(() => served.close());
beforeEach(() => void (told = vi.spyOn(console, 'error')));
afterEach(() => told.mockRestore());

// Connections that stay, and as few layers as there are: tens of thousands of requests are sent from here.
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
afterAll(() => agent.destroy());

/** Asks once; of an answer that goes on for ever only the beginning is read. Nothing hangs: what is slow says that it is. */
async function ask(
	method: string,
	address: string,
	cookie: string,
	headers: Record<string, string> = {},
	body?: string
): Promise<{ status: number; headers: Headers; text: string }> {
	return new Promise((resolve, reject) => {
		const asking = request(`${origin}${address}`, {
			agent,
			method,
			headers: {
				Accept: '*/*',
				Cookie: cookie,
				Origin: origin,
				'Sec-Fetch-Site': 'same-origin',
				...headers,
				...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) })
			}
		});
		asking.setTimeout(20_000, () => asking.destroy(new Error(`no answer to ${method} ${address.slice(0, 120)}`)));
		asking.once('error', reject);
		asking.once('response', (answer) => {
			const pieces: Buffer[] = [];
			const done = (): void => {
				const said = new Headers();
				for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
					for (const value of values) said.append(name, value);
				}
				resolve({ status: answer.statusCode ?? 0, headers: said, text: Buffer.concat(pieces).toString() });
			};
			if (answer.headers['content-type']?.startsWith('text/event-stream')) {
				done();
				return void asking.destroy();
			}
			answer.on('data', (piece: Buffer) => pieces.push(piece)).once('end', done);
			answer.once('error', reject);
		});
		asking.end(body);
	});
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
		'content-security-policy': expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'/),
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
			expect(headers.has('access-control-allow-origin')).toBe(false);
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

	it('an address over TLS is never asked for without it again; one without TLS says nothing of it', async () => {
		const { register } = served.house;
		const settings = { ...register.settings, port: await freePort(), origin: 'https://kuuntelu.example' };
		const secure = await listen({ ...register, settings });
		for (const address of ['/', '/console', '/audio/abcdefghijklmn1', '/healthz', '/nothing']) {
			const asked = get({ port: settings.port, path: address, headers: { Host: 'kuuntelu.example' }, agent: false });
			const [answer] = (await once(asked, 'response')) as [IncomingMessage];
			answer.resume();
			expect(answer.headers, address).toMatchObject({
				'strict-transport-security': 'max-age=31536000; includeSubDomains',
				'content-security-policy': always['content-security-policy']
			});
			expect((await ask('GET', address, '')).headers.has('strict-transport-security')).toBe(false);
		}
		await secure.close();
	});

	it('whoever has their request traced back does not get it', async () => {
		for (const address of ['/', '/console/sign-in', '/kiosk', '/audio/abcdefghijklmn1', '/nothing']) {
			const { status, text } = await ask('TRACE', address, '__Host-session=mine', { 'X-Mine': 'mine' });
			expect([address, status >= 400 && status < 500, text.includes('mine')]).toEqual([address, true, false]);
		}
	});

	it('whoever asks for the head alone gets it, and nothing else, on any route', async () => {
		for (const { address } of routes) {
			for (const cookie of cookies) {
				const { status, text } = await ask('HEAD', filled(address), cookie);
				expect([address, status < 500, text]).toEqual([address, true, '']);
			}
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

it('a listening to what no recording is called, in letters that no header takes, ends like any other', async () => {
	const form = { Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded' };
	const place = `/console/recordings/${encodeURIComponent('言葉\n')}?/end`;
	const { status, headers } = await ask('POST', place, cookies[3] ?? '', form, '');
	expect([status, headers.get('location')]).toEqual([303, '/console/recordings/%E8%A8%80%E8%91%89%0A']);
});

describe('odd requests over every route and action', () => {
	const number = Number(process.env['ODD_REQUESTS'] ?? 20_000);
	const seed = Number(process.env['ODD_SEED'] ?? 20261125);
	const together = 200;
	const everywhere: Route[] = [...routes, { address: '/audio/[id]', kind: 'endpoint', actions: [], fields: [] }];

	/** Signs everybody in anew, for the requests before signed people out, or put them out of work. */
	async function revive(): Promise<void> {
		const staff = served.house.superuser.collection('staff');
		await Promise.all(
			everyone.map(async ({ person }, index) => {
				await staff.update(person.id, { active: true, roles: person.roles });
				const { authStore } = await staff.impersonate(person.id, 3600);
				cookies[index + 2] = served.session({ person, token: authStore.token });
			})
		);
	}

	it(`${number} of them are answered, and give nothing away`, { timeout: 7_200_000 }, async () => {
		const answers: Record<string, number> = {};
		let sent = 0;
		const property = fc.asyncProperty(
			fc.array(oddRequests(everywhere, cookies.length, ids), { minLength: together, maxLength: together }),
			async (requests) => {
				const wrong: string[] = [];
				await several(requests, 32, async ({ who, method, address, headers, body }) => {
					const asked = () => ask(method, address, cookies[who] ?? '', headers, body);
					// A server may close a connection just when the next request is under way on it: asked anew, as browsers do.
					const answer = await asked().catch(asked);
					const kind = `${String(answer.status).slice(0, 1)}xx`;
					answers[kind] = (answers[kind] ?? 0) + 1;
					// The contact person may see whose request it is; nobody else may.
					const what = amiss(answer, who === 2 ? [] : secrets);
					if (what) wrong.push(`${what}: ${who} ${method} ${address.slice(0, 120)}`);
				});
				sent += requests.length;
				if (sent % 20_000 === 0 && sent < number) process.stdout.write(`   ${sent} odd requests …\n`);
				for (const [line] of told.mock.calls) wrong.push(String(line).slice(0, 200));
				told.mockClear();
				expect(wrong).toEqual([]);
			}
		);
		// A failure names its seed and its path, and the fewest requests that still do it.
		const interruptAfterTimeLimit = 60_000 + 30 * number;
		await fc.assert(property.beforeEach(revive), {
			seed,
			numRuns: Math.ceil(number / together),
			interruptAfterTimeLimit,
			markInterruptAsFailure: true
		});
		process.stdout.write(`   odd requests, seed ${seed}: ${JSON.stringify(answers)}\n`);
		expect(answers['2xx']).toBeGreaterThan(number / 20);

		// What they wrote into the log is a whole log, and no number stands in it.
		const folder = path.join(served.house.data, 'access-log');
		expect(await verify(folder)).toMatchObject({ intact: true });
		const log = new DatabaseSync(path.join(folder, 'log.db'), { readOnly: true });
		expect(log.prepare("SELECT canonical FROM entries WHERE canonical LIKE '%58491234%'").all()).toEqual([]);
		log.close();
	});
});
