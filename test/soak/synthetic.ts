import { setTimeout as wait } from 'node:timers/promises';
import type { Desk } from './desk.ts';

const rangeBytes = 65_536;

/** A kiosk without a browser: it asks what a browser would ask, visit after visit, until it is told to stop. */
export async function synthetic(
	origin: string,
	desk: Desk,
	calls: readonly string[],
	{ signal, onVisit }: { signal: AbortSignal; onVisit: () => void }
): Promise<void> {
	const { id, secret } = await desk.kiosk();
	const headers = { Cookie: `__Host-kiosk=${secret}`, Origin: origin, 'Sec-Fetch-Site': 'same-origin' };
	const page = crypto.randomUUID();
	let reports = 0;
	const ask = async (address: string, form?: Record<string, string>): Promise<Response> => {
		const answer = await fetch(`${origin}${address}`, {
			headers: form ? { ...headers, 'x-sveltekit-action': 'true' } : headers,
			...(form ? { method: 'POST', body: new URLSearchParams(form) } : {})
		});
		const good = answer.ok && !(form && (await answer.clone().text()).includes('"type":"failure"'));
		if (!good) throw new Error(`${address}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
		return answer;
	};
	const screen = async (): Promise<string> => {
		const { view } = (await (await ask('/kiosk/now')).json()) as { view: { screen: string } };
		return view.screen;
	};
	const line = new AbortController();
	const news = await fetch(`${origin}/kiosk/news`, { headers, signal: line.signal });
	const heard = drain(news).catch(() => undefined);
	const call = calls.at(-1) ?? '';
	try {
		while (!signal.aborted) {
			const { code, release, over } = await desk.book(id);
			await (await ask('/kiosk')).text();
			await ask('/kiosk?/code', { code });
			await release();
			if ((await screen()) !== 'notice') throw new Error('the release did not reach the kiosk');
			await ask('/kiosk?/step', { event: 'notice_read' });
			await ask('/kiosk?/step', { event: 'headset_ok' });
			await ask('/kiosk?/step', { event: 'choose', recording: call });
			const begin = Math.random() < 0.5 ? 0 : 20_000;
			for (let second = 0; second < 3; second++) {
				const range = { Range: `bytes=${begin}-${begin + rangeBytes - 1}`, 'Sec-Fetch-Dest': 'audio' };
				const sound = await fetch(`${origin}/audio/${call}`, { headers: { ...headers, ...range } });
				const { byteLength } = await sound.arrayBuffer();
				if (sound.status !== 206 || byteLength === 0) throw new Error(`no sound: ${sound.status}`);
				await wait(1000);
				const at = { positionMs: String(second * 1000), heardSeconds: String(second), ranges: `0-${second + 1}` };
				const told = await ask('/kiosk/moved', { recording: call, page, number: String(++reports), ...at });
				if (!((await told.json()) as { listens: boolean }).listens) throw new Error('nobody knows of the listening');
			}
			await ask('/kiosk?/step', { event: 'back' });
			await ask('/kiosk?/step', { event: 'leave' });
			await ask('/kiosk?/wish', { wish: 'talk' });
			await ask('/kiosk?/leave', { why: 'customer' });
			await over();
			onVisit();
		}
	} finally {
		line.abort();
		await heard;
	}
}

async function drain({ body }: Response): Promise<void> {
	for await (const part of body ?? []) void part;
}
