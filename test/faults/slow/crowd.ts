import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { several } from '#several.ts';

/** Connections that only hold a server's attention. */
export interface Crowd {
	/** How many came in. */
	opened: number;
	/** How many the server has not shown the door yet. */
	left(): number;
	leave(): void;
}

/**
 * So many connections that never say what they want: half of them say nothing at all, half a header's byte a second.
 * `begin` is what each says first.
 */
export async function halfOpen(port: number, number: number): Promise<Crowd> {
	const sockets = new Set<Socket>();
	let opened = 0;
	await several(
		Array.from({ length: number }, (_, one) => one),
		50,
		(one) =>
			new Promise<void>((resolve) => {
				const socket = connect(port, '127.0.0.1');
				sockets.add(socket);
				socket.once('connect', () => {
					opened++;
					if (one % 2 === 0) socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');
					resolve();
				});
				socket.on('data', () => undefined);
				socket.once('error', () => resolve());
				socket.once('close', () => {
					sockets.delete(socket);
					resolve();
				});
			})
	);
	const drip = setInterval(() => {
		let count = 0;
		for (const socket of sockets) if (count++ % 2 === 0 && socket.writable) socket.write('x');
	}, 1000);
	return {
		opened,
		left: () => sockets.size,
		leave() {
			clearInterval(drip);
			for (const socket of sockets) socket.destroy();
		}
	};
}

/** So many that ask for something large and take none of it. */
export async function slowReaders(
	port: number,
	number: number,
	address: string,
	headers: Record<string, string>
): Promise<Crowd> {
	const head = Object.entries({ Host: `127.0.0.1:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}`);
	const sockets = new Set<Socket>();
	for (let one = 0; one < number; one++) {
		const socket = connect(port, '127.0.0.1');
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.once('close', () => sockets.delete(socket));
		socket.write(`GET ${address} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`);
		socket.pause();
	}
	await wait(2000);
	return { opened: number, left: () => sockets.size, leave: () => sockets.forEach((socket) => socket.destroy()) };
}
