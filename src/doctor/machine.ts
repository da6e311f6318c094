import { statfsSync } from 'node:fs';
import { connect } from 'node:tls';
import { findProgram } from '#pocketbase/binary.ts';
import { runningServer } from '#pocketbase/server.ts';
import { isFailure } from '#failures.ts';
import manifest from '../../package.json' with { type: 'json' };
import { act, fine, look, type Finding } from './finding.ts';
import { newest } from './log.ts';

// What the machine is like on which the register lies.

const day = 24 * 3600_000;

/** A clock that is wrong destroys too early or too late: it must not be behind what the log already knows. */
export function clock(log: string, now: Date): Finding {
	const last = newest(log);
	const behindMs = last ? Date.parse(last.at) - now.getTime() : 0;
	if (behindMs > 60_000) {
		return act(
			`the clock is ${Math.round(behindMs / 60_000)} min behind the last entry of the access log`,
			'set it, and keep it right by NTP'
		);
	}
	const zone = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Helsinki', timeZoneName: 'longOffset' }).format(
		new Date('2026-07-01T12:00:00Z')
	);
	if (!zone.includes('GMT+03:00'))
		return act('this Node does not know the time in Helsinki', 'install the Node that package.json names');
	return fine(`${now.toISOString()}, not behind the access log`);
}

/** How much room the data folder's disk has; `free` in bytes is asked of the disk unless it is given. */
export function disk(data: string, { free, whole } = roomOf(data)): Finding {
	const says = `${(free / 2 ** 30).toFixed(1)} GiB free of ${(whole / 2 ** 30).toFixed(1)}`;
	const todo = 'make room: when it is full, nothing plays and nothing is taken in';
	if (free < 2 ** 30 || free < whole * 0.02) return act(says, todo);
	return free < 5 * 2 ** 30 || free < whole * 0.1 ? look(says, todo) : fine(says);
}

function roomOf(data: string): { free: number; whole: number } {
	const { bavail, blocks, bsize } = statfsSync(data);
	return { free: bavail * bsize, whole: blocks * bsize };
}

/** Whether this is the Node, and the PocketBase, that the project was tested with. */
export async function versions(pocketbaseBin: string | undefined, node = process.versions.node): Promise<Finding> {
	const wanted = manifest.dependencies.node;
	if (node !== wanted)
		return look(`Node ${node} runs this, and ${wanted} was tested`, 'run it by npm, which takes the right one');
	try {
		await findProgram(pocketbaseBin);
	} catch (fault) {
		return act(isFailure(fault) ? (fault.detail ?? fault.reason) : 'PocketBase cannot be found', 'npm ci');
	}
	return fine(`Node ${node}; PocketBase ${pocketbaseBin ? 'is the operator’s own' : 'is the known build'}`);
}

/** PocketBase may be reached from this machine only. */
export async function reach(data: string, address?: string): Promise<Finding> {
	const running = address ?? (await runningServer(data));
	if (!running) return look('no server runs on this data folder', 'start it: kuuntelupiste serve');
	const { hostname } = new URL(running);
	if (hostname === '127.0.0.1' || hostname === '[::1]') return fine('PocketBase listens on this machine only');
	return act('PocketBase listens beyond this machine', 'stop it, and start it by kuuntelupiste serve');
}

/** When the certificate of the public address ends; asked of whoever answers there. */
export async function certificate(origin: string, now: Date): Promise<Finding> {
	const { protocol, hostname, port } = new URL(origin);
	if (protocol !== 'https:')
		return look('people and kiosks come without TLS', 'name the https address in KUUNTELUPISTE_ORIGIN');
	const ends = await new Promise<Date | undefined>((resolve) => {
		const socket = connect({
			host: hostname,
			port: Number(port || 443),
			servername: hostname,
			rejectUnauthorized: false
		});
		socket.setTimeout(5000, () => socket.destroy());
		socket.once('secureConnect', () => {
			resolve(new Date(socket.getPeerCertificate().valid_to));
			socket.destroy();
		});
		socket.once('error', () => resolve(undefined));
		socket.once('close', () => resolve(undefined));
	});
	if (!ends) return look('nobody answers at the public address', 'see whether the web server in front runs');
	const days = Math.floor((ends.getTime() - now.getTime()) / day);
	const says = days < 0 ? 'the certificate has ended' : `the certificate ends in ${days} days`;
	if (days < 7) return act(says, 'renew it');
	return days < 21 ? look(says, 'see why it was not renewed') : fine(says);
}
