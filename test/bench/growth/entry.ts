import type { Entry } from '#access-log/entry.ts';

/** An invented id that is always the same for a number. */
export function id(number: number): string {
	return `a${String(number).padStart(14, 'b')}`;
}

/** A line of the log as a listening writes it. */
export function someEntry(number: number): Entry {
	return {
		action: 'listen_heartbeat',
		actor: id(number % 40),
		role: 'customer',
		outcome: 'done',
		purpose: 'subject_access',
		recording: id(number % 5000),
		request: id(number % 4000),
		appointment: id(number % 3000),
		visit: id(number % 2000),
		kiosk: id(number % 40),
		office: id(number % 9),
		measures: { seconds_heard: number % 600, position_ms: (number % 600) * 1000 }
	};
}
