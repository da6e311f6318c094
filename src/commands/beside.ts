import { chmodSync, closeSync, constants, openSync, rmSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { Failure, isFailure } from '#failures.ts';
import { runningServer } from '#pocketbase/server.ts';
import { openRegister, type Register } from '#register.server.ts';
import type { Settings } from '#settings.ts';
import { mustBeFounded, openServer } from './database.ts';
import { mustBeOnTime } from './on-time.ts';
import { orders, type Answer, type Given, type OrderName } from './orders.ts';

// A command that needs the log or the clock of the running server asks it through a socket in the data folder, which
// only the folder's owner can open; where no server runs, the command opens the register for its own time.

const socketFile = 'orders.socket';
/** PocketBase lets answers that run come to their end before it ends. */
const orphanMs = 10_000;
const names = Object.keys(orders) as [OrderName, ...OrderName[]];
const Asked = v.object({ name: v.picklist(names), given: v.unknown() });
const Told = v.union([
	v.object({ answer: v.unknown() }),
	v.object({
		failure: v.object({
			kind: v.picklist(['refused', 'missing', 'conflict', 'invalid', 'too_late', 'unavailable']),
			reason: v.string(),
			detail: v.optional(v.string())
		})
	})
]);

/** Has an order carried out by the server that runs on the data folder, else by this process alone. */
export async function carryOut<N extends OrderName>(settings: Settings, name: N, given: Given<N>): Promise<Answer<N>> {
	mustBeFounded(settings);
	const socket = await reach(settings.data);
	// The two sides are of one version, and the table says what each order answers.
	if (socket) return (await ask(socket, name, given)) as Answer<N>;
	const work = orders[name] as (register: Register, given: Given<N>) => Promise<Answer<N>>;
	return withRegister(settings, (register) => work(register, given));
}

/** Gives a command the register for its own time. Refuses while another process writes the access log. */
export async function withRegister<T>(settings: Settings, work: (register: Register) => Promise<T>): Promise<T> {
	mustBeFounded(settings);
	const server = await openServer(settings);
	try {
		const register = await openRegister(settings, server.url);
		await mustBeOnTime(register);
		return await work(register).finally(() => register.accessLog.close());
	} finally {
		await server.stop();
	}
}

/**
 * Refuses with `conflict: already_running` while a server runs on the data folder. The PocketBase of one that was killed
 * ends a moment later by itself, and is waited for: a server that is started again at once does start. With
 * `unavailable: data_folder` where the folder cannot be written.
 */
export async function mustBeAlone(data: string): Promise<void> {
	await access(data, constants.W_OK).catch((cause: unknown) => {
		throw new Failure('unavailable', 'data_folder', {
			cause,
			detail: `${data} cannot be written: see whose it is, and whether its disk is mounted read-only.`
		});
	});
	const socket = await reach(data);
	socket?.destroy();
	const until = performance.now() + orphanMs;
	while (await runningServer(data)) {
		if (socket || performance.now() > until) {
			throw new Failure('conflict', 'already_running', { detail: `A server already runs on ${data}.` });
		}
		await wait(100);
	}
}

/** Takes orders of commands until it is closed. */
export async function takeOrders(register: Register): Promise<{ close(): Promise<void> }> {
	const { data } = register.settings;
	rmSync(path.join(data, socketFile), { force: true });
	const server = createServer({ allowHalfOpen: true }, (socket) => {
		socket.on('error', () => undefined);
		void answer(register, socket);
	});
	await inFolder(data, (place) => {
		return new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(place, resolve);
		});
	});
	chmodSync(path.join(data, socketFile), 0o600);
	return {
		async close() {
			await new Promise((resolve) => server.close(resolve));
			rmSync(path.join(data, socketFile), { force: true });
		}
	};
}

async function answer(register: Register, socket: Socket): Promise<void> {
	try {
		const { name, given } = v.parse(Asked, JSON.parse(await text(socket)));
		const work = orders[name] as (register: Register, given: unknown) => Promise<unknown>;
		socket.end(JSON.stringify({ answer: await work(register, given) }));
	} catch (fault) {
		const { kind, reason, detail } = isFailure(fault)
			? fault
			: { kind: 'unavailable', reason: 'fault', detail: 'The server could not carry it out.' };
		socket.end(JSON.stringify({ failure: { kind, reason, detail } }));
	}
}

async function reach(data: string): Promise<Socket | undefined> {
	return inFolder(data, (place) => {
		const { promise, resolve } = Promise.withResolvers<Socket | undefined>();
		const socket = createConnection({ path: place, allowHalfOpen: true });
		socket.once('connect', () => resolve(socket));
		socket.once('error', () => resolve(undefined));
		return promise;
	});
}

async function ask(socket: Socket, name: string, given: unknown): Promise<unknown> {
	socket.end(JSON.stringify({ name, given }));
	const told = v.safeParse(Told, JSON.parse((await text(socket)) || 'null'));
	if (!told.success) throw new Failure('unavailable', 'no_answer', { detail: 'The server ended before it answered.' });
	if ('answer' in told.output) return told.output.answer;
	const { kind, reason, detail } = told.output.failure;
	throw new Failure(kind, reason, detail === undefined ? {} : { detail });
}

/** The path of a socket may be 107 bytes long, and a data folder's is as long as it likes: so by the folder's handle. */
async function inFolder<T>(data: string, work: (place: string) => Promise<T>): Promise<T> {
	const folder = openSync(data, constants.O_RDONLY | constants.O_DIRECTORY);
	try {
		return await work(`/proc/self/fd/${folder}/${socketFile}`);
	} finally {
		closeSync(folder);
	}
}
