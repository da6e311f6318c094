import { deserialize } from '$app/forms';
import type { FailureKind } from '#failures.ts';
import type { ScreenNow } from './screen-now.ts';

/** How long an answer may take: on a line that swallows everything none would ever come. */
export const patienceMs = 8000;

/** What came of a press: nothing to say, or why not. */
export interface No {
	kind: FailureKind;
	reason: string;
}

/** What the server has to show now; undefined when it does not say. */
export async function lookUp(): Promise<ScreenNow | undefined> {
	try {
		const answer = await fetch('/kiosk/now', { signal: AbortSignal.timeout(patienceMs) });
		return answer.ok ? ((await answer.json()) as ScreenNow) : undefined;
	} catch {
		return undefined;
	}
}

/** Posts to one of the kiosk's form actions. Gives the server's refusal, or undefined when it was done. */
export async function post(action: string, fields: Record<string, string> = {}): Promise<No | undefined> {
	const out: No = { kind: 'unavailable', reason: 'no_answer' };
	try {
		const response = await fetch(`/kiosk?/${action}`, {
			method: 'POST',
			headers: { 'x-sveltekit-action': 'true' },
			body: new URLSearchParams(fields),
			signal: AbortSignal.timeout(patienceMs)
		});
		const answer = deserialize<Record<string, unknown>, { failure: No }>(await response.text());
		if (answer.type === 'success') return undefined;
		return answer.type === 'failure' ? (answer.data?.failure ?? out) : out;
	} catch {
		return out;
	}
}
