import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A line between a kiosk and its server that can be cut, swallowed, slowed and listened to. */
export interface Proxy {
	/** Where the browser goes. */
	readonly origin: string;
	/** Where it leads; to be set when the server's port is known. */
	to(port: number): void;
	/** Every connection ends at once, and none is taken until `open`. */
	cut(): void;
	/** Connections stay, and nothing comes through in either direction any more, as behind a pulled plug. */
	swallow(): void;
	/** So many bytes a second to the browser, on each connection. */
	slow(bytesPerSecond: number): void;
	/** Everything comes through again; connections of before, whose bytes were lost, end. */
	open(): void;
	/** Changes what goes to the browser, byte for byte as long as it was. */
	change(edit: ((bytes: Buffer) => Buffer) | undefined): void;
	close(): Promise<void>;
}

const tickMs = 50;

/** Opens one on a free port of 127.0.0.1. */
export async function openProxy(): Promise<Proxy> {
	let port = 0;
	let state: 'open' | 'cut' | 'swallow' = 'open';
	let pace = Infinity;
	let edit: ((bytes: Buffer) => Buffer) | undefined;
	const pairs = new Set<{ browser: Socket; server: Socket; lost: boolean }>();

	const proxy = createServer((browser) => {
		if (state === 'cut') return void browser.resetAndDestroy();
		const server = connect(port, '127.0.0.1');
		const pair = { browser, server, lost: false };
		pairs.add(pair);
		const over = (): void => {
			pairs.delete(pair);
			browser.destroy();
			server.destroy();
		};
		for (const socket of [browser, server]) socket.on('error', over).on('close', over);
		const through = (socket: Socket, bytes: Buffer): void => {
			if (state === 'open') socket.write(bytes);
			else pair.lost = true;
		};
		browser.on('data', (bytes) => through(server, Buffer.from(bytes)));
		server.on('data', (bytes) => {
			const given = edit ? edit(Buffer.from(bytes)) : Buffer.from(bytes);
			if (pace === Infinity) return through(browser, given);
			server.pause();
			drip(browser, given, () => server.resume());
		});
		function drip(socket: Socket, rest: Buffer, done: () => void): void {
			const now = pace === Infinity ? rest.length : Math.max(1, Math.round((pace * tickMs) / 1000));
			through(socket, rest.subarray(0, now));
			if (rest.length <= now) return done();
			setTimeout(() => drip(socket, rest.subarray(now), done), tickMs);
		}
	});
	await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	const { port: own } = proxy.address() as AddressInfo;

	const end = (which: (pair: { lost: boolean }) => boolean): void => {
		for (const { browser, server } of [...pairs].filter(which)) {
			browser.resetAndDestroy();
			server.destroy();
		}
	};
	return {
		origin: `http://127.0.0.1:${own}`,
		to: (server) => (port = server),
		cut() {
			state = 'cut';
			end(() => true);
		},
		swallow: () => (state = 'swallow'),
		slow: (bytesPerSecond) => (pace = bytesPerSecond),
		open() {
			state = 'open';
			pace = Infinity;
			end(({ lost }) => lost);
		},
		change: (how) => (edit = how),
		async close() {
			end(() => true);
			await new Promise((resolve) => proxy.close(resolve));
		}
	};
}
