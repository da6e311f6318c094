import type { AccessLog } from './log.ts';
import { looking, type Finding, type Thresholds } from './odd.ts';
import { pages } from './pages.ts';

/** With these reasons a request is closed; the log knows no states. */
const closings = ['heard', 'nothing_found', 'destroyed_before_receipt', 'withdrawn', 'refused'];

/** What looks odd in the entries of a time, the newest first; at the most `most`. */
export async function searchOdd(
	log: Pick<AccessLog, 'read'>,
	thresholds: Thresholds,
	{ from, to, most }: { from: Date; to: Date; most: number }
): Promise<{ findings: Finding[]; more: boolean }> {
	const closed = new Map<string, string>();
	const look = looking(thresholds, closed);
	const findings: Finding[] = [];
	for await (const page of pages(log, { from: from.toISOString(), to: to.toISOString() })) {
		// A request that was closed before this time is closed in it too.
		for (const request of new Set(
			page.filter(({ action }) => action === 'listen_begin').map((entry) => entry.request)
		)) {
			if (request && !closed.has(request)) await closedBefore(log, request, from, closed);
		}
		for (const entry of page) {
			if (entry.action === 'change_request' && entry.request && closings.includes(entry.reason ?? '')) {
				closed.set(entry.request, entry.at);
			}
			findings.push(...look(entry));
		}
	}
	return { findings: findings.slice(-most).reverse(), more: findings.length > most };
}

async function closedBefore(
	log: Pick<AccessLog, 'read'>,
	request: string,
	from: Date,
	closed: Map<string, string>
): Promise<void> {
	const changes = await log.read({
		limit: 100,
		where: { request, action: 'change_request', outcome: 'done', to: from.toISOString() }
	});
	const closing = changes.find(({ reason }) => closings.includes(reason ?? ''));
	if (closing) closed.set(request, closing.at);
}
