import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import path from 'node:path';
import type { RecordModel } from 'pocketbase';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { written } from '#pocketbase/collection.ts';
import type { Match } from '#listening/listening.ts';
import { seal } from '#sealing/seal.ts';
import { listen } from '#server.ts';
import { view } from '#visits/showing.ts';
import { openHouse, type House } from '../support/house.ts';
import * as plant from '../support/plant.ts';

const day = 24 * 3600_000;
const sound = randomBytes(300_000);
// More than the machine holds in its socket buffers, so that an answer which nobody reads cannot finish.
const longSound = randomBytes(24 * 1024 * 1024);
let house: House;
let server: Awaited<ReturnType<typeof listen>>;
let port: number;
let agent: Awaited<ReturnType<typeof plant.person>>;
let contact: Awaited<ReturnType<typeof plant.person>>;
let office: RecordModel;
let otherKiosk: { secret: string };
let revokedKiosk: { id: string; secret: string };
let call: RecordModel;
let longCall: RecordModel;
let overdue: RecordModel;
const seenByPages: { path: string; withRegister: boolean }[] = [];
let seen = 0;

interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	body: Buffer;
}
type Asking = { method?: string; headers?: http.OutgoingHttpHeaders };

const player = { 'Sec-Fetch-Dest': 'audio', 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'no-cors' };

async function begin(path: string, { method = 'GET', headers = {} }: Asking = {}): Promise<IncomingMessage> {
	const asking = http.request({ host: '127.0.0.1', port, path, method, headers, agent: false });
	// A connection that is cut is what some of these tests wait for.
	asking.on('error', () => undefined).end();
	const [answer] = (await once(asking, 'response')) as [IncomingMessage];
	return answer;
}

async function ask(path: string, asking?: Asking): Promise<Answer> {
	const answer = await begin(path, asking);
	const parts: Buffer[] = [];
	for await (const part of answer) parts.push(part);
	return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) };
}

const entries = async () => (await house.register.accessLog.read({ limit: 10_000 })).reverse();
const closing = (answer: IncomingMessage) =>
	new Promise<void>((resolve) => (answer.closed ? resolve() : answer.once('close', resolve)));
const fresh = async () => (await entries()).slice(seen);

/** A kiosk with a visit at it, by default with everything released and the player open. */
async function atKiosk(fields: Record<string, unknown> = {}) {
	const kiosk = await plant.kiosk(house, office.id, contact.person.id);
	const request = await plant.request(house, contact.person.id);
	const appointment = await plant.appointment(house, {
		request: request.id,
		office: office.id,
		kiosk: kiosk.id,
		bookedBy: contact.person.id
	});
	const visit = await plant.visit(
		house,
		{ appointment: appointment.id, request: request.id, office: office.id, kiosk: kiosk.id },
		{
			state: 'player',
			verified_by: contact.person.id,
			verified: written(new Date()),
			document: 'passport',
			recordings: [call.id, longCall.id, overdue.id],
			...fields
		}
	);
	return { kiosk, visit, headers: { ...player, Cookie: `__Host-kiosk=${kiosk.secret}` } };
}

beforeAll(async () => {
	port = await freePort();
	house = await openHouse({ KUUNTELUPISTE_PORT: String(port) });
	const team = await plant.team(house);
	office = await plant.office(house);
	agent = await plant.person(house, ['agent'], { team: team.id });
	contact = await plant.person(house, ['contact_person'], { offices: [office.id] });
	otherKiosk = await plant.kiosk(house, office.id, contact.person.id);
	revokedKiosk = await plant.kiosk(house, office.id, contact.person.id);
	await house.superuser.collection('kiosks').update(revokedKiosk.id, { revoked: written(new Date()) });
	call = await plant.recording(house, agent.person, sound, { audio_type: 'audio/webm' });
	longCall = await plant.recording(house, agent.person, longSound);
	overdue = await plant.recording(house, agent.person, sound, { destroy_after: written(new Date(Date.now() - 1000)) });
	server = await listen(house.register, (request, response) => {
		seenByPages.push({
			path: request.url ?? '',
			withRegister: 'register' in request && request.register === house.register
		});
		response.end('a page');
	});
});
afterAll(() => house.close());
beforeEach(async () => {
	house.clock.now = undefined;
	seen = (await entries()).length;
});

describe('a released recording at its kiosk', () => {
	test('is given whole, byte for byte, and to no cache', async () => {
		const { headers } = await atKiosk();
		const answer = await ask(`/audio/${call.id}`, { headers });
		expect(answer.status).toBe(200);
		expect(answer.body.equals(sound)).toBe(true);
		expect(answer.headers).toMatchObject({
			'accept-ranges': 'bytes',
			'cache-control': 'no-store',
			'content-disposition': 'inline',
			'content-length': String(sound.length),
			'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
			'content-type': 'audio/webm',
			'cross-origin-resource-policy': 'same-origin',
			'x-content-type-options': 'nosniff',
			'referrer-policy': 'same-origin',
			'x-frame-options': 'DENY'
		});
		expect(answer.headers).not.toHaveProperty('etag');
		expect(answer.headers).not.toHaveProperty('last-modified');
		expect(answer.headers).not.toHaveProperty('set-cookie');
	});

	test('is given in any range', async () => {
		const { headers } = await atKiosk();
		const edges = [0, 1, 65_535, 65_536, 65_537, 131_072, sound.length - 1];
		for (let round = 0; round < 60; round++) {
			const start = edges[round] ?? randomInt(sound.length);
			const last = randomInt(start, sound.length);
			const answer = await ask(`/audio/${call.id}`, { headers: { ...headers, Range: `bytes=${start}-${last}` } });
			expect(answer.status).toBe(206);
			expect(answer.headers['content-range']).toBe(`bytes ${start}-${last}/${sound.length}`);
			expect(answer.body.equals(sound.subarray(start, last + 1))).toBe(true);
		}
		expect((await fresh()).map(({ action }) => action)).toEqual(['listen_begin']);
	});

	test('outside its bytes answers 416 and its size', async () => {
		const { headers } = await atKiosk();
		const answer = await ask(`/audio/${call.id}`, { headers: { ...headers, Range: `bytes=${sound.length}-` } });
		expect(answer).toMatchObject({ status: 416, headers: { 'content-range': `bytes */${sound.length}` } });
		expect(answer.body).toHaveLength(0);
	});

	test('is given whole when the range hangs on a condition, since there is nothing to compare', async () => {
		const { headers } = await atKiosk();
		const conditional = { ...headers, Range: 'bytes=0-9', 'If-Range': '"anything"' };
		expect((await ask(`/audio/${call.id}`, { headers: conditional })).status).toBe(200);
	});
});

describe('no audio byte, and the refusal is in the log', () => {
	interface Refused {
		reason: string;
		status?: number;
		visit?: Record<string, unknown>;
		path?: () => string;
		asking?: (headers: http.OutgoingHttpHeaders) => Asking;
	}
	const without = (name: string) => (headers: http.OutgoingHttpHeaders) => ({
		headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))
	});
	const withOne = (more: http.OutgoingHttpHeaders) => (headers: http.OutgoingHttpHeaders) => ({
		headers: { ...headers, ...more }
	});

	test.each<[string, Refused]>([
		['without a cookie', { reason: 'not_identified', asking: without('Cookie') }],
		['with an unknown cookie', { reason: 'not_identified', asking: withOne({ Cookie: '__Host-kiosk=unknown' }) }],
		[
			'with the cookie of a kiosk that was revoked',
			{ reason: 'not_identified', asking: (h) => withOne({ Cookie: `__Host-kiosk=${revokedKiosk.secret}` })(h) }
		],
		[
			"with another kiosk's cookie",
			{ reason: 'no_visit', asking: (h) => withOne({ Cookie: `__Host-kiosk=${otherKiosk.secret}` })(h) }
		],
		['before a person has verified them', { reason: 'not_verified', visit: { state: 'waiting', verified_by: '' } }],
		['before the notice is read', { reason: 'not_released_yet', visit: { state: 'notice' } }],
		['after the visit ended', { reason: 'no_visit', visit: { state: 'ended' } }],
		['after the hour', { reason: 'no_visit', visit: { ends: written(new Date(Date.now() - 1000)) } }],
		['of a recording that was not released', { reason: 'not_released', visit: { recordings: [] } }],
		['of a recording past its six months', { reason: 'past_retention', path: () => `/audio/${overdue.id}` }],
		['of a recording that does not exist', { reason: 'no_such_recording', path: () => '/audio/nosuchrecording' }],
		['of no recording', { reason: 'no_such_recording', path: () => '/audio/' }],
		['by a longer path', { reason: 'no_such_recording', path: () => `/audio/${call.id}/x` }],
		['from another site', { reason: 'other_site', asking: withOne({ 'Sec-Fetch-Site': 'cross-site' }) }],
		['from another origin of the site', { reason: 'other_site', asking: withOne({ 'Sec-Fetch-Site': 'same-site' }) }],
		[
			'typed into the address bar',
			{ reason: 'other_site', asking: withOne({ 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Dest': 'document' }) }
		],
		['by following a link', { reason: 'not_a_player', asking: withOne({ 'Sec-Fetch-Dest': 'document' }) }],
		['by a script', { reason: 'not_a_player', asking: withOne({ 'Sec-Fetch-Dest': 'empty' }) }],
		['by what names no destination', { reason: 'not_a_player', asking: without('Sec-Fetch-Dest') }],
		['by what names no site', { reason: 'other_site', asking: without('Sec-Fetch-Site') }],
		['with ?download', { reason: 'query', path: () => `/audio/${call.id}?download` }],
		['with ?download=1', { reason: 'query', path: () => `/audio/${call.id}?download=1` }],
		['by HEAD', { reason: 'method', status: 405, asking: (headers) => ({ headers, method: 'HEAD' }) }],
		['by POST', { reason: 'method', status: 405, asking: (headers) => ({ headers, method: 'POST' }) }],
		['by OPTIONS', { reason: 'method', status: 405, asking: (headers) => ({ headers, method: 'OPTIONS' }) }]
	])('%s', async (_, { reason, status = 404, visit, path, asking = (headers) => ({ headers }) }) => {
		const { headers } = await atKiosk(visit);
		const answer = await ask(path?.() ?? `/audio/${call.id}`, asking(headers));
		expect(answer).toMatchObject({ status, headers: { 'cache-control': 'no-store', 'content-length': '0' } });
		expect(answer.body).toHaveLength(0);
		expect(answer.headers).not.toHaveProperty('content-type');
		const lines = (await fresh()).filter(({ action }) => action !== 'end_visit');
		expect(lines).toMatchObject([{ action: 'open_audio', outcome: 'refused', reason }]);
	});

	test('"not yours" and "no such recording" look the same from outside', async () => {
		const { headers } = await atKiosk({ recordings: [] });
		// The time, and the number by which the operator finds an answer, are each answer's own.
		const shown = ({ status, headers, body }: Answer) => ({
			status,
			body,
			headers: { ...headers, date: '', 'x-request-id': '' }
		});
		const notYours = await ask(`/audio/${call.id}`, { headers });
		const noSuch = await ask('/audio/nosuchrecording', { headers });
		expect(shown(notYours)).toEqual(shown(noSuch));
	});

	test('under any other name of the host', async () => {
		const { headers } = await atKiosk();
		const answer = await ask(`/audio/${call.id}`, { headers: { ...headers, Host: `evil.example:${port}` } });
		expect(answer.status).toBe(421);
		expect(answer.body).toHaveLength(0);
	});
});

describe('a signed-in person', () => {
	test('hears their own call once they have said what for, in the cookie of their session', async () => {
		const secret = house.register.sessions.open(agent.person.id, agent.token, house.register.now());
		const headers = { ...player, Cookie: `__Host-session=${secret}` };
		expect((await ask(`/audio/${call.id}`, { headers })).status).toBe(404);
		house.register.listenings.state(agent.person.id, call.id, 'verify_call');
		expect((await ask(`/audio/${call.id}`, { headers })).body.equals(sound)).toBe(true);
		house.register.sessions.end(secret);
		expect((await ask(`/audio/${call.id}`, { headers })).status).toBe(404);
	});
});

/** How a kiosk can lose what it hears, with the reason that is then in the log. */
const lossesAtKiosk: [string, string, (at: Awaited<ReturnType<typeof atKiosk>>) => unknown][] = [
	['the listening is ended', 'customer', ({ visit }) => end({ visit: visit.id }, 'customer')],
	['the kiosk loses its right', 'revoked', ({ kiosk }) => end({ kiosk: kiosk.id }, 'revoked')],
	['the visit ended in the database', 'no_visit', ({ visit }) => change('visits', visit.id, { state: 'ended' })],
	['the call was unlinked', 'not_released', ({ visit }) => change('visits', visit.id, { 'recordings-': longCall.id })],
	['the hour is over', 'slot_over', ({ visit }) => change('visits', visit.id, { ends: written(new Date()) })],
	[
		'the kiosk was revoked',
		'not_identified',
		({ kiosk }) => change('kiosks', kiosk.id, { revoked: written(new Date()) })
	],
	['the six months are over', 'past_retention', () => (house.clock.now = new Date(longCall['destroy_after']))]
];

/** How a person can lose what they hear. */
const lossesOfPerson: [string, (at: { person: string; secret: string }) => unknown][] = [
	['is deactivated', ({ person }) => change('staff', person, { active: false })],
	['loses the role', ({ person }) => change('staff', person, { roles: ['auditor'] })],
	['supervises another team', ({ person }) => change('staff', person, { supervises: [] })],
	['is not trained any more', ({ person }) => expire(person)],
	['signs out or is signed out', ({ secret }) => house.register.sessions.end(secret)],
	['has every session ended', ({ person }) => house.register.sessions.endOf(person)],
	['gets a new password', ({ person }) => newPassword(person)]
];

const end = (match: Match, why: string) => house.register.listenings.end(house.register, match, why);
const change = (collection: string, id: string, fields: Record<string, unknown>) =>
	house.superuser.collection(collection).update(id, fields);

async function expire(person: string): Promise<void> {
	const filter = `person = '${person}' && course = 'confidentiality'`;
	const row = await house.superuser.collection('trainings').getFirstListItem(filter);
	await change('trainings', row.id, { valid_until: written(new Date(Date.now() - 1000)) });
}

async function newPassword(person: string): Promise<void> {
	const password = 'another password of theirs';
	await change('staff', person, { password, passwordConfirm: password });
}

/** A supervisor who hears a call of their team. */
async function atConsole() {
	// The call's team may have been moved by a test before.
	const team = await plant.team(house);
	await change('staff', agent.person.id, { team: team.id });
	const { person, token } = await plant.person(house, ['supervisor'], { supervises: [team.id] });
	const secret = house.register.sessions.open(person.id, token, house.register.now());
	house.register.listenings.state(person.id, longCall.id, 'training_and_quality');
	return { person: person.id, secret, headers: { ...player, Cookie: `__Host-session=${secret}` } };
}

describe('the very next range is refused', () => {
	const range = (headers: http.OutgoingHttpHeaders) =>
		ask(`/audio/${longCall.id}`, { headers: { ...headers, Range: 'bytes=70000-80000' } });

	/** Twice, so that the second was answered without a question to the database. */
	async function given(headers: http.OutgoingHttpHeaders): Promise<void> {
		for (const { status, body } of [await range(headers), await range(headers)]) {
			expect(status).toBe(206);
			expect(body.equals(longSound.subarray(70_000, 80_001))).toBe(true);
		}
	}

	// The first two only end a listening, and whoever still may begins another.
	test.each(lossesAtKiosk.slice(2))('at a kiosk when %s', async (_, _reason, happens) => {
		const at = await atKiosk({ ends: written(new Date(Date.now() + 400 * day)) });
		await given(at.headers);
		await happens(at);
		expect(await range(at.headers)).toMatchObject({ status: 404, body: Buffer.alloc(0) });
	});

	test.each(lossesOfPerson)('to a person when they %s', async (_, happens) => {
		const at = await atConsole();
		await given(at.headers);
		await happens(at);
		expect(await range(at.headers)).toMatchObject({ status: 404, body: Buffer.alloc(0) });
	});

	/** As a kiosk's page does that shows the player: the second time, what it shows is in the log already. */
	async function shown({ headers: { Cookie } }: Awaited<ReturnType<typeof atKiosk>>): Promise<void> {
		for (let look = 0; look < 2; look++) {
			expect(await view(house.register, Cookie.split('=')[1], Cookie)).toMatchObject({ screen: 'player' });
		}
	}

	test.each(lossesAtKiosk.slice(2))(
		'also the first, at a kiosk that was shown the player, when %s',
		async (...loss) => {
			const [, , happens] = loss;
			const at = await atKiosk({ ends: written(new Date(Date.now() + 400 * day)), playing: longCall.id });
			await shown(at);
			await happens(at);
			expect(await range(at.headers)).toMatchObject({ status: 404, body: Buffer.alloc(0) });
		}
	);

	test('while of a right that stands the database is asked when a play begins, and not again; not even then by a kiosk that shows the player', async () => {
		const { headers, visit } = await atKiosk();
		const { service } = house.register.pocketbase;
		const { beforeSend } = service;
		let questions = 0;
		service.beforeSend = (...asked) => {
			questions++;
			return beforeSend?.(...asked) ?? {};
		};
		try {
			await given(headers);
			// Which kiosk, which visit, which recording.
			expect(questions).toBe(3);
			await change('visits', visit.id, { position_ms: 1000 });
			await given(headers);
			expect(questions).toBe(3);
			await change('visits', visit.id, { called: written(new Date()) });
			await given(headers);
			expect(questions).toBeGreaterThan(3);
			const at = await atKiosk({ playing: longCall.id });
			await shown(at);
			questions = 0;
			await given(at.headers);
			expect(questions).toBe(0);
		} finally {
			service.beforeSend = beforeSend;
		}
	});

	test('and so is the next one with other cookies of the same kiosk', async () => {
		const { headers } = await atKiosk();
		await given(headers);
		for (const Cookie of ['', '__Host-kiosk=unknown', `${headers.Cookie}x`]) {
			expect((await range({ ...headers, Cookie })).status).toBe(404);
		}
		await given(headers);
	});
});

describe('a running answer', () => {
	/** Asks for a long recording, takes its first bytes, and counts what comes until the connection is gone. */
	async function running(headers: http.OutgoingHttpHeaders) {
		const answer = await begin(`/audio/${longCall.id}`, { headers });
		expect(answer.statusCode).toBe(200);
		answer.on('error', () => undefined);
		let bytes = 0;
		await once(answer, 'readable');
		bytes += answer.read()?.length ?? 0;
		return async () => {
			// Whatever is still on its way is taken, so that only a cut makes it shorter.
			answer.on('data', (part: Buffer) => (bytes += part.length));
			await closing(answer);
			return { complete: answer.complete, bytes };
		};
	}

	test.each(lossesAtKiosk)('is cut off when %s', async (_, reason, happens) => {
		const at = await atKiosk({ ends: written(new Date(Date.now() + 400 * day)) });
		const rest = await running(at.headers);
		await happens(at);
		const ours = async () => (await fresh()).filter(({ kiosk }) => kiosk === at.kiosk.id);
		await expect.poll(async () => (await ours())[1]).toMatchObject({ action: 'listen_end', reason });
		const { complete, bytes } = await rest();
		expect(complete).toBe(false);
		expect(bytes).toBeGreaterThan(0);
		expect(bytes).toBeLessThan(longSound.length);
	});

	test('to a supervisor is cut off when the employee leaves the team', async () => {
		const at = await atConsole();
		const rest = await running(at.headers);
		await change('staff', agent.person.id, { team: '' });
		await expect.poll(fresh).toMatchObject([
			{ action: 'listen_begin', actor: at.person },
			{ action: 'listen_end', actor: at.person }
		]);
		expect((await rest()).complete).toBe(false);
	});

	test.each(lossesOfPerson)('to a person is cut off when they %s', async (_, happens) => {
		const at = await atConsole();
		const rest = await running(at.headers);
		await happens(at);
		const own = async () => (await fresh()).filter(({ actor }) => actor === at.person);
		await expect
			.poll(async () => (await own()).at(-1))
			.toMatchObject({
				// Which of the two walls says no first is a matter of the moment.
				action: 'listen_end',
				reason: expect.stringMatching(
					/^(not_identified|no_such_recording|wrong_role|not_subordinates_call|training_expired)$/
				)
			});
		// Only now the rest is read: whoever reads faster than the question is asked has it whole.
		const { complete, bytes } = await rest();
		expect(complete).toBe(false);
		expect(bytes).toBeLessThan(longSound.length);
	});

	test('to fifty at once is cut off for those who lose their right, and for nobody else', async () => {
		const all = await Promise.all(
			Array.from({ length: 50 }, async () => {
				const at = await atKiosk();
				return { ...at, rest: await running(at.headers) };
			})
		);
		const losers = all.filter((_, index) => index % 10 === 0);
		await Promise.all(losers.map(({ visit }) => change('visits', visit.id, { state: 'ended' })));
		const ended = async () => (await fresh()).filter(({ action }) => action === 'listen_end').map(({ kiosk }) => kiosk);
		await expect.poll(async () => (await ended()).length).toBe(losers.length);
		for (const { rest } of losers) {
			const { complete, bytes } = await rest();
			expect(complete).toBe(false);
			expect(bytes).toBeLessThan(longSound.length);
		}
		expect(new Set(await ended())).toEqual(new Set(losers.map(({ kiosk }) => kiosk.id)));
		const [other] = all.filter((one) => !losers.includes(one));
		expect(await other?.rest()).toEqual({ complete: true, bytes: longSound.length });
		await end({}, 'left_player');
	});

	test('that nobody ends comes whole, however slowly it is read', async () => {
		const { headers } = await atKiosk();
		const { complete, bytes } = await (await running(headers))();
		expect(complete).toBe(true);
		expect(bytes).toBe(longSound.length);
	});

	test('does not go on over a chunk that was damaged in the store', async () => {
		const plain = randomBytes(1024 * 1024);
		const damaged = await plant.recording(house, agent.person, plain);
		const sealed = await seal(plain, await house.register.keyring.recipientFor(damaged['key_day']));
		const middle = Math.floor(sealed.length / 2);
		sealed[middle] = (sealed[middle] ?? 0) ^ 1;
		const form = new FormData();
		form.set('audio', new Blob([new Uint8Array(sealed)]), 'sealed.age');
		await house.superuser.collection('recordings').update(damaged.id, form);
		const { headers } = await atKiosk({ recordings: [damaged.id] });
		const answer = await begin(`/audio/${damaged.id}`, { headers });
		const parts: Buffer[] = [];
		answer.on('data', (part: Buffer) => parts.push(part)).on('error', () => undefined);
		await closing(answer);
		expect(answer.complete).toBe(false);
		const given = Buffer.concat(parts);
		expect(given.length).toBeLessThan(plain.length / 2);
		expect(given.equals(plain.subarray(0, given.length))).toBe(true);
		await expect.poll(fresh).toMatchObject([{}, { action: 'listen_end', reason: 'sealed_file_damaged' }]);
	});
});

describe('no line, no sound', () => {
	test('while the log has no folder to be written in, 503 and no byte; then it plays again', async () => {
		const { headers } = await atKiosk();
		const folder = path.join(house.data, 'access-log');
		await rename(folder, `${folder}-away`);
		const answer = await ask(`/audio/${call.id}`, { headers });
		const refused = await ask(`/audio/${call.id}?download`, { headers });
		await rename(`${folder}-away`, folder);
		for (const { status, headers, body } of [answer, refused]) {
			expect({ status, cache: headers['cache-control'], body }).toEqual({
				status: 503,
				cache: 'no-store',
				body: Buffer.alloc(0)
			});
		}
		expect(await fresh()).toEqual([]);
		expect((await ask(`/audio/${call.id}`, { headers })).body.equals(sound)).toBe(true);
	});
});

test('everything but the audio goes to the pages, with the register, and nothing of the audio does', async () => {
	const answer = await ask('/console/today?x=1');
	expect(answer.body.toString()).toBe('a page');
	expect(answer.headers).toMatchObject({ 'x-frame-options': 'DENY', 'cross-origin-opener-policy': 'same-origin' });
	for (const path of ['/audio', '/audio/', '/audio?x', '/audio/x/y']) expect((await ask(path)).status).toBe(404);
	expect(seenByPages).toEqual([{ path: '/console/today?x=1', withRegister: true }]);
});

describe('stopping the server', () => {
	test('cuts off what runs, and says so in the log', async () => {
		const { kiosk, headers } = await atKiosk();
		const answer = await begin(`/audio/${longCall.id}`, { headers });
		answer.on('error', () => undefined).resume();
		await server.close();
		await closing(answer);
		expect(answer.complete).toBe(false);
		expect((await fresh()).filter((line) => line.kiosk === kiosk.id)).toMatchObject([
			{ action: 'listen_begin' },
			{ action: 'listen_end', reason: 'server_stopped' }
		]);
	});
});

async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const address = probe.address();
	probe.close();
	if (!address || typeof address !== 'object') throw new Error('no port');
	return address.port;
}
