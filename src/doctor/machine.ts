import { readFileSync, statfsSync } from 'node:fs';
import { connect } from 'node:tls';
import { allowedBackMs } from '#clock.ts';
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
	if (behindMs > allowedBackMs) {
		return act('clock_behind', { minutes: Math.round(behindMs / 60_000) });
	}
	const zone = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Helsinki', timeZoneName: 'longOffset' }).format(
		new Date('2026-07-01T12:00:00Z')
	);
	return zone.includes('GMT+03:00')
		? fine('clock_fine', { at: `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC` })
		: act('clock_zone');
}

/** How much room the data folder's disk has; `free` in bytes is asked of the disk unless it is given. */
export function disk(data: string, { free, whole } = roomOf(data)): Finding {
	const room = { free: (free / 2 ** 30).toFixed(1), whole: (whole / 2 ** 30).toFixed(1) };
	if (free < 2 ** 30 || free < whole * 0.02) return act('disk_short', room);
	return free < 5 * 2 ** 30 || free < whole * 0.1 ? look('disk_short', room) : fine('disk_fine', room);
}

function roomOf(data: string): { free: number; whole: number } {
	const { bavail, blocks, bsize } = statfsSync(data);
	return { free: bavail * bsize, whole: blocks * bsize };
}

/** Whether this is the Node, and the PocketBase, that the project was tested with. */
export async function versions(pocketbaseBin: string | undefined, node = process.versions.node): Promise<Finding> {
	const wanted = manifest.dependencies.node;
	if (node !== wanted) return look('versions_node', { node, wanted });
	try {
		await findProgram(pocketbaseBin);
	} catch (fault) {
		return act('versions_pocketbase', {}, isFailure(fault) ? (fault.detail ?? fault.reason) : undefined);
	}
	return fine(pocketbaseBin ? 'versions_own' : 'versions_fine', { node });
}

/** The version of the pages that this program serves; undefined while they are not built. */
export function servedVersion(): string | undefined {
	try {
		const built = new URL('../../build/client/_app/version.json', import.meta.url);
		return String((JSON.parse(readFileSync(built, 'utf8')) as { version: unknown }).version);
	} catch {
		return undefined;
	}
}

/** PocketBase may be reached from this machine only. */
export async function reach(data: string, address?: string): Promise<Finding> {
	const running = address ?? (await runningServer(data));
	if (!running) return look('reach_none');
	const { hostname } = new URL(running);
	return hostname === '127.0.0.1' || hostname === '[::1]' ? fine('reach_fine') : act('reach_open');
}

/** When the certificate of the public address ends; asked of whoever answers there. */
export async function certificate(origin: string, now: Date): Promise<Finding> {
	const { protocol, hostname, port } = new URL(origin);
	if (protocol !== 'https:') return look('certificate_plain');
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
	if (!ends) return look('certificate_silent');
	const days = Math.floor((ends.getTime() - now.getTime()) / day);
	if (days < 0) return act('certificate_ended');
	if (days < 7) return act('certificate_ending', { days });
	return days < 21 ? look('certificate_ending', { days }) : fine('certificate_fine', { days });
}
