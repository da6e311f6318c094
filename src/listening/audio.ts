import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFailure } from '#failures.ts';
import type { Register } from '#register.server.ts';
import type { Listener } from './listener.ts';
import type { SealedReader } from '#sealing/sealed-file.ts';
import { refuse, type Hearing } from './listening.ts';
import { asked, type Stretch } from './range.ts';

/** How often a running answer asks anew whether it may go on, and how long the database may take to say so. */
const askEveryMs = 500;
const patienceMs = 2000;

/** Says who is asking, from the request's cookies and the database as it is now; undefined for nobody known. */
export type Identify = (register: Register, request: IncomingMessage) => Promise<Listener | undefined>;

/**
 * Answers `GET /audio/<recording>` for a media element on our own origin, and nothing else. Each refusal is in the
 * log and looks the same from outside (404, no body), so nobody can ask which recordings there are; 405 for another
 * method, 416 for a range outside the recording (RFC 9110 § 14), 503 when the log, the database or the keyring does
 * not answer. An answer that runs asks twice a second whether it still may, and is cut off when not.
 */
export async function answerAudio(
	register: Register,
	request: IncomingMessage,
	response: ServerResponse,
	identify: Identify
): Promise<void> {
	response.setHeader('Cache-Control', 'no-store');
	response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
	response.setHeader('X-Content-Type-Options', 'nosniff');
	response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; sandbox");
	try {
		// An id that is all digits could be a phone number, and the log takes none.
		const id = /^\/audio\/(?!\d{15})([a-z0-9]{15})(?:$|\?)/.exec(request.url ?? '')?.[1];
		const { listenings } = register;
		const asker = request.headers.cookie ?? '';
		const who = () => listenings.identified.run(asker, () => identify(register, request));
		const wrong = unseemly(request) ?? (id ? undefined : 'no_such_recording');
		if (wrong || !id) return await refuse(register, await who(), wrong ?? 'no_such_recording', id);
		let hearing = listenings.again(register, asker, id);
		if (!hearing) {
			const known = listenings.expected(register, asker, id);
			const since = register.rows.version();
			const listener = known?.listener ?? (await who());
			if (!listener) return await refuse(register, undefined, 'not_identified', id);
			hearing = await listenings.open(register, listener, id, { asker, since, known });
			// Opening took its time; what was so before it may not be so now.
			await hearing.goOn(asker, who);
		}
		const { goOn } = hearing;
		await give(hearing, request, response, () => goOn(asker, who));
	} catch (fault) {
		if (response.headersSent) return cutOff(response);
		const status = statusOf(fault);
		if (status === 405) response.setHeader('Allow', 'GET');
		response.writeHead(status, { 'Content-Length': 0 }).end();
		if (status === 500) register.journal.error('unexpected at the audio', { fault });
	}
}

/** What no media element of our own pages would send. */
function unseemly({ method, url, headers }: IncomingMessage): string | undefined {
	if (method !== 'GET') return 'method';
	if (url?.includes('?')) return 'query';
	if (headers['sec-fetch-site'] !== 'same-origin') return 'other_site';
	const destination = headers['sec-fetch-dest'];
	if (destination !== 'audio' && destination !== 'video') return 'not_a_player';
	return undefined;
}

function statusOf(fault: unknown): number {
	if (!isFailure(fault)) return 500;
	if (fault.kind === 'unavailable') return 503;
	return fault.reason === 'method' ? 405 : 404;
}

async function give(
	hearing: Hearing,
	{ headers }: IncomingMessage,
	response: ServerResponse,
	may: () => Promise<void>
): Promise<void> {
	const { size } = hearing.reader;
	// We give no validator, so a condition on one is false, and then the range does not count (RFC 9110 § 13.1.5).
	const range = headers['if-range'] === undefined ? asked(headers.range, size) : undefined;
	if (range === 'unsatisfiable') {
		response.writeHead(416, { 'Content-Range': `bytes */${size}`, 'Content-Length': 0 }).end();
		return;
	}
	const { start, end } = range ?? { start: 0, end: size };
	const stop = (): void => cutOff(response);
	const forget = hearing.onEnd(stop);
	const rest = keepAsking(may, stop);
	try {
		if (response.destroyed) return;
		if (range) response.setHeader('Content-Range', `bytes ${start}-${end - 1}/${size}`);
		response.writeHead(range ? 206 : 200, {
			'Accept-Ranges': 'bytes',
			'Content-Disposition': 'inline',
			'Content-Length': end - start,
			'Content-Type': hearing.audioType
		});
		await send(hearing.reader, { start, end }, response);
	} catch (fault) {
		if (isFailure(fault)) await hearing.end(fault.reason);
		throw fault;
	} finally {
		forget();
		rest();
	}
}

/**
 * Sends piece by piece: no more than two are in memory of what a slow one has not taken yet. Resolves when the last byte
 * has left or the line is gone; until then it can be cut off.
 */
async function send(reader: SealedReader, { start, end }: Stretch, response: ServerResponse): Promise<void> {
	const gone = new Promise<false>((resolve) => response.once('close', () => resolve(false)));
	response.on('error', () => undefined);
	const sent = (piece: Uint8Array): Promise<boolean> =>
		new Promise((resolve) => response.write(piece, (fault) => resolve(!fault)));
	await reader.lend(start, end, async (piece) => !response.destroyed && Promise.race([sent(piece), gone]));
	if (!response.destroyed) response.end();
	await gone;
}

/** Asks on and on, and calls `lost` when they may not any more or nobody can say. Gives what stops the asking. */
function keepAsking(may: () => Promise<void>, lost: () => void): () => void {
	let since: number | undefined;
	const timer = setInterval(() => {
		if (since === undefined) {
			since = performance.now();
			may().then(() => (since = undefined), lost);
		} else if (performance.now() - since > patienceMs) lost();
	}, askEveryMs).unref();
	return () => clearInterval(timer);
}

/** Ends an answer in the middle, so that nobody takes it for whole, and drops what is still on its way. */
function cutOff(response: ServerResponse): void {
	response.socket?.resetAndDestroy();
	response.destroy();
}
