import type { Entry } from '#access-log/entry.ts';

/** An id of the form that PocketBase gives. */
export const id = (name: string): string => name.toLowerCase().padEnd(15, '0');

/** An entry that can be told from the others by its number. */
export const entry = (number: number): Entry => ({
	action: 'view_recording',
	actor: id('anna'),
	role: 'agent',
	purpose: 'verify_call',
	outcome: 'done',
	recording: id('call'),
	measures: { position_ms: number }
});
