import { Failure } from '#failures.ts';
import type { Call } from './call.ts';

/** Why a row of an export does not go in, and what the operator reads; never a value of the row. */
export const rejections = {
	not_text: 'the row holds characters that are not text (UTF-8)',
	quotes: 'the quotation marks do not pair',
	fields: 'the row has not as many fields as the header',
	customer_number: 'customer_number is no telephone number',
	answered: 'answered is no time with an offset, like 2026-11-23T09:15:00+02:00',
	disconnected: 'disconnected is no time with an offset, like 2026-11-23T09:15:00+02:00',
	ends_before_start: 'disconnected is not later than answered',
	direction: 'direction must be received or made',
	line: 'line must be customer_service or telesales',
	service_number: 'service_number is no telephone number',
	employee: 'employee is no sign-in name',
	audio: 'audio must be the bare name of a file in the folder',
	unknown_employee: 'nobody has the sign-in name in employee',
	in_future: 'the call ends in the future',
	audio_missing: 'the audio file is not in the folder',
	audio_not_plain: 'the audio is a link, a folder or a device, not a plain file',
	audio_too_big: 'the audio file is bigger than 256 MiB',
	audio_too_long: 'the audio is longer than 12 hours',
	sidecar: 'the metadata is no JSON of the form that the README shows',
	audio_unreadable: 'the audio is empty, damaged, or no WAV, MP3, M4A, Ogg, WebM or FLAC',
	audio_codec: 'the audio is not one sound of one or two channels in a format that the README lists',
	audio_no_duration: 'the WebM does not say how long it is: rewrite it (ffmpeg -i IN -c copy OUT)',
	audio_tags:
		'the tags of the audio may hold a telephone number: take them out (ffmpeg -i IN -map_metadata -1 -c copy OUT)',
	audio_cut_off: 'the audio ends before its own header says',
	not_accepted: 'the database did not accept the row'
} as const;

export type RejectionReason = keyof typeof rejections;
/** A call that did not go in: its line (counted from 1, with the header) or its sidecar's number, and why. */
export interface Rejection {
	readonly line: number;
	readonly reason: RejectionReason;
	/** The column of a mapping whose value is wrong, by the operator's own name of it. */
	readonly column?: string;
	/** What is known of the call, its number masked. */
	readonly call?: Call;
}

/** Says no to one row; the rest goes on. */
export function reject(reason: RejectionReason): never {
	throw new Failure('invalid', reason);
}

/** Whether a failure's reason concerns one row. */
export function isRejectionReason(reason: string): reason is RejectionReason {
	return Object.hasOwn(rejections, reason);
}
