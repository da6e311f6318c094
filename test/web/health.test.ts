import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import http, { type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listen } from '#server.ts';
import { openHouse, type House } from '../support/house.ts';

let house: House;
let server: Awaited<ReturnType<typeof listen>>;
let port: number;
beforeAll(async () => {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const address = probe.address();
	port = address && typeof address === 'object' ? address.port : 0;
	probe.close();
	house = await openHouse({ KUUNTELUPISTE_PORT: String(port) });
	server = await listen(house.register);
});
afterAll(async () => {
	await server.close();
	await house.close();
});

async function ask(place: string): Promise<{ status: number | undefined; said: string }> {
	// Whoever watches a server may know it by another name than its visitors do.
	const asking = http.get({ host: '127.0.0.1', port, path: place, headers: { Host: 'watcher.example' }, agent: false });
	const [answer] = (await once(asking, 'response')) as [IncomingMessage];
	return { status: answer.statusCode, said: await text(answer) };
}

it('says that it lives, and whether it can work, to whoever watches it', async () => {
	expect(await ask('/healthz')).toEqual({ status: 200, said: 'alive\n' });
	expect(await ask('/readyz')).toEqual({
		status: 200,
		said: '{"database":true,"files":true,"keyring":true,"log":true}'
	});
	const log = path.join(house.data, 'access-log');
	await rename(log, `${log}-away`);
	expect(await ask('/readyz')).toEqual({
		status: 503,
		said: '{"database":true,"files":true,"keyring":true,"log":false}'
	});
	expect((await ask('/healthz')).status).toBe(200);
	await rename(`${log}-away`, log);
	expect((await ask('/readyz')).status).toBe(200);
	expect((await ask('/console')).status).toBe(421);
});
