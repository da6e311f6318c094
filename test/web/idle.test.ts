import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { serveHouse, type Served } from '../support/pages.ts';
import * as plant from '../support/plant.ts';

// A session ends when nobody has used it for ten minutes. Whoever listens uses it; a screen that lives by itself does not.

const minute = 60_000;
let served: Served;
let agent: Awaited<ReturnType<typeof plant.person>>;
let address: string;
let cookie: string;
let began: number;
beforeAll(async () => {
	served = await serveHouse();
	agent = await plant.person(served.house, ['agent', 'maintainer']);
	const call = await plant.recording(served.house, agent.person, Buffer.from('a call'), { duration_ms: 60 * minute });
	address = `/console/recordings/${call.id}`;
});
afterAll(() => served.close());
beforeEach(() => {
	began = Date.now();
	served.house.clock.now = new Date(began);
	cookie = served.session(agent);
});

const at = (minutes: number): void => void (served.house.clock.now = new Date(began + minutes * minute));
const isOpen = async (): Promise<boolean> => (await served.ask('/console/account', cookie)).status === 200;
const moved = (minutes: number) =>
	served.send(`${address}/moved`, cookie, {
		positionMs: String(minutes * minute),
		heardSeconds: String(minutes * 60),
		ranges: `0-${minutes * 60}`
	});

test('ten minutes after the last page nothing opens any more', async () => {
	at(9);
	expect(await isOpen()).toBe(true);
	at(18);
	expect(await isOpen()).toBe(true);
	at(28.1);
	expect(await isOpen()).toBe(false);
});

test('a call of forty minutes is heard to its end without a hand, and ten minutes later the session is over', async () => {
	const { register } = served.house;
	expect((await served.send(`${address}?/open`, cookie, { purpose: 'verify_call' })).status).toBe(200);
	expect((await served.ask(address.replace('/console/recordings', '/audio'), cookie)).status).toBe(200);
	for (let minutes = 5; minutes <= 40; minutes += 5) {
		at(minutes);
		expect(await moved(minutes), `${minutes} minutes`).toMatchObject({ status: 200, text: '{"listens":true}' });
	}
	// Paused, the player tells nothing.
	at(50.1);
	expect(await isOpen()).toBe(false);
	await register.listenings.end(register, {}, 'left_player');
});

test('telling of a sound that nobody has opened keeps nothing awake', async () => {
	at(9);
	expect(await moved(1)).toMatchObject({ text: '{"listens":false}' });
	at(10.1);
	expect(await isOpen()).toBe(false);
});

test('a board that looks again by itself keeps nothing awake', async () => {
	at(9);
	expect((await served.ask('/console/kiosks', `${cookie}; __Host-by-itself=yes`)).status).toBe(200);
	at(10.1);
	expect((await served.ask('/console/kiosks', `${cookie}; __Host-by-itself=yes`)).status).toBe(303);
});
