import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { found } from '#commands/found.ts';
import { newClient, type Client } from '#pocketbase/pocketbase.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { readSettings } from '#settings.ts';
import { admit, superuser as account } from './superuser.ts';

const program = fileURLToPath(new URL('../../src/commands/kuuntelupiste.ts', import.meta.url));

/** The whole product as an operator starts it: its own process, the built pages, a data folder of its own. */
export interface Serving {
	origin: string;
	data: string;
	/** The process of the server now; another one after each start. */
	readonly pid: number;
	/** The environment of its commands. */
	environment: Record<string, string>;
	/** Sees and changes everything in its database. */
	superuser(): Promise<Client>;
	/** Runs another of its commands beside it, to the end. */
	command(...words: string[]): Promise<{ code: unknown; out: string; err: string }>;
	stop(signal?: NodeJS.Signals): Promise<void>;
	/** Starts it again on the same data, as an operator would, with these words more. */
	again(...words: string[]): Promise<void>;
	/** Stops it and removes its data. */
	remove(): Promise<void>;
}

/**
 * Founds an empty register, furnishes it, and serves it; without a second factor unless the settings say so.
 * `under` is a program, with its arguments, that runs it.
 */
export async function serve(
	furnish: (superuser: Client) => Promise<void>,
	settings: Record<string, string> = {},
	under: readonly string[] = []
): Promise<Serving> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-serving-'));
	const data = path.join(folder, 'data');
	const port = await freePort();
	const environment = {
		KUUNTELUPISTE_DATA: data,
		KUUNTELUPISTE_PORT: String(port),
		KUUNTELUPISTE_MASTER_KEY: await newMasterKey(),
		KUUNTELUPISTE_SECOND_FACTOR: 'no',
		// What stops a server in the middle of a sound is about something else.
		KUUNTELUPISTE_STOP_SECONDS: '0',
		...settings
	};
	await found(readSettings({ ...process.env, ...environment }), {
		furnish: async (client) => {
			await admit(client);
			await furnish(client);
		}
	});
	let child = launch(['serve'], environment, under);
	await ready(child);
	return {
		origin: `http://127.0.0.1:${port}`,
		data,
		get pid() {
			return child.pid ?? 0;
		},
		environment,
		async superuser() {
			const client = newClient(await readFile(path.join(data, 'pocketbase.address'), 'utf8'));
			await client.collection('_superusers').authWithPassword(account.email, account.password);
			return client;
		},
		command: (...words) => runCommand(words, environment),
		stop: (signal = 'SIGTERM') => ended(child, signal),
		async again(...words) {
			child = launch(['serve', ...words], environment, under);
			await ready(child);
		},
		async remove() {
			await ended(child, 'SIGTERM');
			await rm(folder, { recursive: true, force: true });
		}
	};
}

/** Runs one of the product's commands to its end. */
export async function runCommand(
	words: string[],
	environment: Record<string, string>
): Promise<{ code: unknown; out: string; err: string }> {
	const command = launch(words, environment);
	let [out, err] = ['', ''];
	command.stdout?.on('data', (text) => (out += text));
	command.stderr?.on('data', (text) => (err += text));
	const code = await new Promise((resolve) => command.once('close', resolve));
	return { code, out, err };
}

/** Starts one of the product's commands. */
export function launch(
	words: string[],
	environment: Record<string, string>,
	under: readonly string[] = []
): ChildProcess {
	const [first = '', ...rest] = [...under, process.execPath, program, ...words];
	return spawn(first, rest, {
		// Node says on stderr that it takes only one of them, and a runner may set the other.
		env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...environment },
		stdio: ['ignore', 'pipe', 'pipe']
	});
}

/** Resolves when a server that was launched is ready; rejects with what it said when it ends before. */
export async function ready(child: ChildProcess): Promise<void> {
	let said = '';
	await new Promise<void>((resolve, reject) => {
		const hear = (text: Buffer): void => {
			said += text;
			if (said.includes('Ready.')) resolve();
		};
		child.stdout?.on('data', hear);
		child.stderr?.on('data', hear);
		child.once('exit', (code, signal) => {
			reject(new Error(`it did not start: ${said}`));
			if (!told.has(child)) console.error(`A server ended by itself (${code ?? signal}): ${said.slice(-4000)}`);
		});
	});
}

/** Those that were told to end. */
const told = new WeakSet<ChildProcess>();

/** Ends a process that was launched, and waits until it has. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = new Promise((resolve) => child.once('exit', resolve));
	told.add(child);
	child.kill(signal);
	await gone;
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
	return new Promise((resolve) => {
		const probe = createServer();
		probe.listen(0, '127.0.0.1', () => {
			const address = probe.address();
			probe.close(() => resolve(address && typeof address === 'object' ? address.port : 0));
		});
	});
}

let own: number | undefined;

/** A port for whatever this process serves itself, always the same one: the built pages read their origin once. */
export async function ownPort(): Promise<number> {
	return (own ??= await freePort());
}
