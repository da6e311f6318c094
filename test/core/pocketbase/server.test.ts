import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runningServer } from '#pocketbase/server.ts';
import { openHouse, type House } from '../../support/house.ts';

let house: House;
beforeAll(async () => {
	house = await openHouse();
});
afterAll(() => house.close());

describe('the embedded PocketBase', () => {
	it('listens on loopback only', async () => {
		const port = Number(new URL(house.url).port).toString(16).toUpperCase().padStart(4, '0');
		const listening = (await readFile('/proc/net/tcp', 'utf8'))
			.split('\n')
			.filter((line) => line.includes(`:${port} `));
		const addresses = listening.map((line) => line.trim().split(/\s+/)).filter((words) => words[3] === '0A');
		expect(addresses.map((words) => words[1])).toEqual([`0100007F:${port}`]);
		for (const { address } of Object.values(networkInterfaces())
			.flat()
			.filter((one) => one && !one.internal && one.family === 'IPv4') as { address: string }[]) {
			await expect(fetch(`http://${address}:${new URL(house.url).port}/_/`)).rejects.toThrow();
		}
	});

	it('is found by other commands while it runs', async () => {
		expect(await runningServer(house.data)).toBe(house.url);
	});

	it('is started again when it dies, and the services go on', async () => {
		const before = house.server.pid;
		process.kill(before, 'SIGKILL');
		await vi.waitFor(() => expect(house.server.pid).not.toBe(before), { timeout: 10_000 });
		await vi.waitFor(
			async () =>
				expect(await house.register.pocketbase.service.collection('offices').getList(1, 1)).toHaveProperty('items'),
			{ timeout: 10_000 }
		);
	});

	it('keeps its folder to the owner', async () => {
		expect((await stat(path.join(house.data, 'pocketbase'))).mode & 0o077).toBe(0);
		expect(await readdir(house.data)).not.toContain('pb_hooks');
	});

	it('leaves the address of one that was started meanwhile, when it ends', async () => {
		const file = path.join(house.data, 'pocketbase.address');
		await writeFile(file, 'http://127.0.0.1:1');
		await house.server.stop();
		expect(await readFile(file, 'utf8')).toBe('http://127.0.0.1:1');
	});
});
