import type { Logged } from './entry.ts';
import type { AccessLog } from './log.ts';
import { all } from './pages.ts';
import type { Action, LogRole, Purpose } from './words.ts';

/** What a data subject is told of: who saw or heard their recording, or decided on it. Not the steps between. */
export const told = [
	'view_recording',
	'listen_begin',
	'bind_recording',
	'unbind_recording',
	'report_not_my_call',
	'hold_recording',
	'end_hold',
	'destroy_recording'
] as const satisfies Action[];
export type Told = (typeof told)[number];

/** One access to a recording, as its data subject is told of it. */
export interface Access {
	at: string;
	action: Told;
	role: LogRole;
	purpose: Purpose | undefined;
	/** For a listening: how much was heard, in seconds, as far as it is known. */
	heard: number | undefined;
	/** Who it was, by the opaque id; not shown unless somebody who may decides so. */
	actor: string | undefined;
}

/** Every access to one recording that happened, oldest first. */
export async function accesses(log: Pick<AccessLog, 'read'>, recording: string): Promise<Access[]> {
	return extractOf(await all(log, { recording, outcome: 'done' }));
}

/** The accesses among entries about one recording, oldest first. */
export function extractOf(entries: Logged[]): Access[] {
	const found: Access[] = [];
	const running = new Map<string, Access>();
	for (const { at, action, role, purpose, actor, visit, measures } of entries) {
		const listener = `${actor ?? ''} ${visit ?? ''}`;
		const begun = running.get(listener);
		if (begun && (action === 'listen_heartbeat' || action === 'listen_end')) begun.heard = measures?.seconds_heard;
		if (action === 'listen_end') running.delete(listener);
		if (!isTold(action)) continue;
		const access: Access = { at, action, role, purpose, heard: undefined, actor };
		if (action === 'listen_begin') running.set(listener, access);
		found.push(access);
	}
	return found;
}

/** The recordings that are bound to a request, as far as the log knows: bound, and not taken from it since. */
export function boundIn(entries: Logged[]): string[] {
	const bound = new Set<string>();
	for (const { action, recording, outcome } of entries) {
		if (!recording || outcome !== 'done') continue;
		if (action === 'bind_recording') bound.add(recording);
		if (action === 'unbind_recording') bound.delete(recording);
	}
	return [...bound];
}

function isTold(action: Action): action is Told {
	return told.some((one) => one === action);
}
