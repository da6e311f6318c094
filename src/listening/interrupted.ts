import type { AccessLog } from '#access-log/log.ts';
import type { Logged } from '#access-log/entry.ts';

const pageSize = 1000;

/**
 * Ends in the log the listenings that an earlier process began and could not end, because it was killed or the power
 * failed: `server_lost`, with what was heard at the last sign of life. To be called when the log is open and before
 * anything plays. Gives how many there were.
 */
export async function endInterrupted(accessLog: AccessLog): Promise<number> {
	const [start] = await accessLog.read({ limit: 1, where: { action: 'system_start' } });
	const since = start ? { from: start.at } : {};
	const lines = await Promise.all(
		(['listen_begin', 'listen_heartbeat', 'listen_end'] as const).map((action) => all(accessLog, { action, ...since }))
	);
	const last = new Map<string, Logged>();
	for (const line of lines.flat().sort((a, b) => a.sequence - b.sequence)) {
		const name = [line.actor, line.visit, line.recording].join(' ');
		if (line.action === 'listen_end') last.delete(name);
		else last.set(name, line);
	}
	const cut = [...last.values()];
	if (cut.length > 0) await accessLog.append(cut.map(ending));
	return cut.length;
}

function ending({ actor, role, purpose, recording, request, appointment, visit, kiosk, office, measures }: Logged) {
	const about = { actor, role, purpose, recording, request, appointment, visit, kiosk, office };
	const heard = { seconds_heard: measures?.seconds_heard ?? 0 };
	return { ...about, action: 'listen_end', outcome: 'done', reason: 'server_lost', measures: heard } as const;
}

async function all(accessLog: AccessLog, where: { action: string; from?: string }): Promise<Logged[]> {
	const found: Logged[] = [];
	let before: number | undefined;
	for (;;) {
		const page = await accessLog.read({ limit: pageSize, where, ...(before ? { before } : {}) });
		found.push(...page);
		before = page.at(-1)?.sequence;
		if (page.length < pageSize) return found;
	}
}
