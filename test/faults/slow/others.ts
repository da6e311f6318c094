import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

/** How it goes for everybody else meanwhile. */
export interface Others {
	asked: number;
	/** Those that got something else than they should, or nothing. */
	failed: number;
	slowestMs: number;
}

/** Asks for these addresses in turn, each on a connection of its own, until the work is done. */
export async function meanwhile(
	origin: string,
	addresses: readonly { address: string; headers?: Record<string, string>; status: number }[],
	work: Promise<unknown>
): Promise<Others> {
	const others: Others = { asked: 0, failed: 0, slowestMs: 0 };
	let isOver = false;
	void work.catch(() => undefined).finally(() => (isOver = true));
	for (let turn = 0; !isOver || turn < addresses.length; turn++) {
		const one = addresses[turn % addresses.length];
		if (!one) break;
		const { status, ms } = await ask(`${origin}${one.address}`, one.headers);
		others.asked++;
		others.slowestMs = Math.max(others.slowestMs, ms);
		if (status !== one.status) others.failed++;
		await wait(50);
	}
	await work;
	return others;
}

/** Asks once, on a connection of its own; status 0 when nobody answered within half a minute. */
export async function ask(
	address: string,
	headers: Record<string, string> = {}
): Promise<{ status: number; ms: number; said: string }> {
	const began = performance.now();
	const asking = http.get(address, { headers, agent: false, signal: AbortSignal.timeout(30_000) });
	try {
		const [answer] = (await once(asking, 'response')) as [IncomingMessage];
		const said = await text(answer);
		return { status: answer.statusCode ?? 0, ms: Math.round(performance.now() - began), said };
	} catch {
		return { status: 0, ms: Math.round(performance.now() - began), said: '' };
	}
}
