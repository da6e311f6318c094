import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '#failures.ts';
import { beforeMigration, migrations, mustBeMigrated } from './migrations.ts';

/** Ends PocketBase with us even when we are killed outright (util-linux, on every Debian). */
const deathWatch = '/usr/bin/setpriv';

/** A PocketBase that runs, on loopback, with our migrations applied. */
export interface PocketbaseServer {
	/** `http://127.0.0.1:PORT` */
	readonly url: string;
	/** The process now; another one after a restart. */
	readonly pid: number;
	/** Puts its address into the data folder, in the place of any other's: it is the one that serves. */
	announce(): Promise<void>;
	stop(): Promise<void>;
}

export interface Place {
	/** The program, as `findProgram` gave it. */
	program: string;
	/** The data folder of the whole product; PocketBase gets `pocketbase/` in it. */
	data: string;
	/** 0 takes a free one. */
	port?: number;
	/** Whether the address stands in the data folder for other commands, as it does unless told; else they must be told it. */
	announced?: boolean;
	/** The folder of migrations; this version's own unless told. */
	migrations?: string;
	/** Called with the copy of the database that was made before it is brought to this version's form. */
	onMigrate?: (copy: string) => void;
	/** Called when PocketBase died and was started again. */
	onRestart?: () => void;
	/** Called once when the start takes longer than ten seconds. */
	onSlow?: () => void;
}

/**
 * Starts PocketBase on 127.0.0.1 and answers when it is healthy and migrated. It is started again when it dies, and
 * ends with `stop`. Refuses with `conflict: newer_data` what a later version has changed. While it runs, its address stands in `pocketbase.address` in the data folder, for other commands.
 */
export async function startServer(place: Place): Promise<PocketbaseServer> {
	const folder = path.join(place.data, 'pocketbase');
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const copy = beforeMigration(place.data, place.migrations);
	if (copy) place.onMigrate?.(copy);
	const port = place.port || (await freePort());
	const url = `http://127.0.0.1:${port}`;
	let stopping = false;
	const start = () => launch(place, folder, ['serve', `--http=127.0.0.1:${port}`]);
	let child = start();
	const slow = setTimeout(() => place.onSlow?.(), 10_000);
	await healthy(url, child).finally(() => clearTimeout(slow));
	watch();
	const address = path.join(place.data, 'pocketbase.address');
	const announce = async (): Promise<void> => {
		if (place.announced !== false) await writeFile(address, url, { mode: 0o600 });
	};
	// A command that begins just when a server does must not stand in its place, nor take it away again.
	if (!(await runningServer(place.data))) await announce();

	function watch(): void {
		child.once('exit', async () => {
			if (stopping) return;
			await wait(200);
			if (stopping) return;
			child = start();
			watch();
			place.onRestart?.();
		});
	}

	return {
		url,
		announce,
		get pid() {
			return child.pid ?? 0;
		},
		async stop() {
			stopping = true;
			// A server that was started meanwhile has written its own there.
			const written = await readFile(address, 'utf8').catch(() => undefined);
			if (written === url) await rm(address, { force: true });
			await ended(child);
		}
	};
}

/** The address of the PocketBase that already runs on this data folder, if one does and answers. */
export async function runningServer(data: string): Promise<string | undefined> {
	const url = await readFile(path.join(data, 'pocketbase.address'), 'utf8').catch(() => undefined);
	return url && (await isAnswering(url)) ? url : undefined;
}

/**
 * Waits for the PocketBase that runs by itself at an address and serves this data folder, with this version's
 * migrations. Refuses with `unavailable: pocketbase_start` when it does not answer within half a minute.
 */
export async function joinServer(url: string, data: string): Promise<Omit<PocketbaseServer, 'pid'>> {
	const beganMs = performance.now();
	while (!(await isAnswering(url))) {
		if (performance.now() - beganMs > 30_000) {
			throw new Failure('unavailable', 'pocketbase_start', { detail: `No PocketBase answers at ${url}.` });
		}
		await wait(200);
	}
	mustBeMigrated(data);
	return { url, announce: () => Promise.resolve(), stop: () => Promise.resolve() };
}

/** Sets a superuser's password straight in the data folder; PocketBase must not be serving it for the first time. */
export async function setSuperuser(place: Place, email: string, password: string): Promise<void> {
	const folder = path.join(place.data, 'pocketbase');
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const child = launch(place, folder, ['superuser', 'upsert', email, password]);
	const code = await new Promise((resolve) => child.once('exit', resolve));
	if (code !== 0) throw new Failure('unavailable', 'pocketbase_superuser', { detail: lastWords(child) });
}

// A new version may have to bring a million rows to another form first; to kill it then would mean to begin again.
const patienceMs = 30 * 60_000;

const said = new WeakMap<ChildProcess, string>();
function lastWords(child: ChildProcess): string {
	return `PocketBase said: ${(said.get(child) ?? '').trim().split('\n').slice(-3).join(' / ') || 'nothing'}`;
}

function launch(place: Place, folder: string, command: string[]): ChildProcess {
	const { program } = place;
	const words = [
		...command,
		`--dir=${folder}`,
		`--migrationsDir=${place.migrations ?? migrations}`,
		`--hooksDir=${path.join(folder, 'no-hooks')}`,
		`--publicDir=${path.join(folder, 'no-public')}`,
		'--hooksWatch=false',
		'--automigrate=false'
	];
	// A service manager ends all that belongs to a unit, and may forbid what `setpriv` does.
	const guarded = place.announced !== false && existsSync(deathWatch);
	const child = guarded
		? spawn(deathWatch, ['--pdeathsig', 'TERM', program, ...words], options)
		: spawn(program, words, options);
	const remember = (text: Buffer): void => void said.set(child, ((said.get(child) ?? '') + text).slice(-4000));
	child.stdout?.on('data', remember);
	child.stderr?.on('data', remember);
	return child;
}
// In a process group of its own: Ctrl-C reaches us first, and we stop PocketBase after the last answer is given.
const options = { stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'], detached: true };

async function healthy(url: string, child: ChildProcess): Promise<void> {
	const beganMs = performance.now();
	while (!isOver(child) && performance.now() - beganMs < patienceMs) {
		// Its own word first: on a port that was taken meanwhile, somebody else would answer for it.
		if (said.get(child)?.includes('Server started') && (await isAnswering(url))) return;
		await wait(50);
	}
	await ended(child);
	throw new Failure('unavailable', 'pocketbase_start', { detail: `PocketBase did not start. ${lastWords(child)}` });
}

/** Whether a PocketBase answers at an address. */
export async function isAnswering(url: string): Promise<boolean> {
	// On a connection of its own, closed behind it: one left half-read in the pool once held up the next request.
	return new Promise((resolve) => {
		const asked = get(`${url}/api/health`, { agent: false, timeout: 2000 }, (answer) => {
			answer.resume();
			answer.once('end', () => resolve(answer.statusCode === 200));
		});
		asked.once('timeout', () => asked.destroy());
		asked.once('close', () => resolve(false));
		asked.once('error', () => resolve(false));
	});
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
	return exitCode !== null || signalCode !== null;
}

async function ended(child: ChildProcess): Promise<void> {
	if (isOver(child)) return;
	const gone = new Promise((resolve) => child.once('exit', resolve));
	child.kill('SIGTERM');
	const patience = setTimeout(() => child.kill('SIGKILL'), 5000);
	await gone;
	clearTimeout(patience);
}

async function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const probe = createServer();
		probe.once('error', reject);
		probe.listen(0, '127.0.0.1', () => {
			const address = probe.address();
			probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(probe)));
		});
	});
}
