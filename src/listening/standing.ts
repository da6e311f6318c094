import type { RowName } from '#pocketbase/rows.ts';
import type { Recording } from '#recordings/recording.ts';
import type { Register } from '#register.server.ts';
import type { Listener } from './listener.ts';

/** How long what PocketBase itself said counts when none of its rows changes: its rules may have. */
const longestMs = 30_000;

/** What an answer of the database hangs on, as it was before it was asked. */
export interface Ground {
	/** The database's version when these rows were last seen to be so. */
	version: number | undefined;
	readonly rows: string | undefined;
	readonly sessions: number;
	readonly asked: number;
}

/** Who asks (by their cookies), and what the database said of them and the recording on that ground. */
export interface Standing {
	readonly asker: string;
	readonly listener: Listener;
	readonly recording: Recording;
	readonly ground: Ground;
}

/** The ground as it is now; taken before a question, so that what changes meanwhile counts. */
export function groundOf({ rows, sessions }: Register, listener: Listener, recording: string): Ground {
	return {
		version: rows.version(),
		rows: rows.written(rowsOf(listener, recording)),
		sessions: sessions.ended,
		asked: performance.now()
	};
}

/** Whether the database would say the same again: nothing that it said that of has changed, and nobody was signed out. */
export function stands({ rows, sessions }: Register, { listener, recording, ground }: Standing): boolean {
	if (ground.rows === undefined || ground.sessions !== sessions.ended) return false;
	if (performance.now() - ground.asked > longestMs) return false;
	const version = rows.version();
	if (version !== undefined && version === ground.version) return true;
	if (ground.rows !== rows.written(rowsOf(listener, recording.id))) return false;
	ground.version = version;
	return true;
}

function rowsOf(listener: Listener, recording: string): RowName[] {
	const heard: RowName = ['recordings', recording];
	if (listener.kind === 'staff') return [heard, ['staff', listener.person.id]];
	return [heard, ['kiosks', listener.kiosk.id], ['visits', listener.visit?.id ?? '']];
}
