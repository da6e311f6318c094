// The closed lists of the access log: an entry holds these words, ids and whole numbers, and nothing else.

/** What was done or refused. */
export const actions = {
	system_start: 'the application opened the log',
	system_stop: 'the application closed the log',
	sign_in: 'a person signed in',
	sign_out: 'a person signed out',
	enter_console: 'a person opened a part of the console',
	receive_request: 'a request of a data subject was taken in',
	view_request: 'a request was opened',
	change_request: 'a request was changed or closed',
	search_recordings: 'recordings were searched inside a request',
	view_recording: 'the data of a recording were shown, without its sound',
	bind_recording: 'a recording was bound to a request',
	unbind_recording: 'a recording was taken from a request',
	book_appointment: 'an appointment was booked or moved',
	cancel_appointment: 'an appointment was cancelled',
	print_invitation: 'an invitation with new codes was made',
	show_code: 'a code was shown at a kiosk',
	verify_identity: 'an identity document was checked',
	release_visit: 'recordings were released to a kiosk for the hour',
	end_visit: 'a visit ended',
	call_staff: 'a visitor called staff',
	report_not_my_call: 'a visitor said that a call is not theirs',
	wish: 'a visitor asked for something more',
	open_audio: 'sound was asked for',
	listen_begin: 'a listening began: the sound may go out',
	listen_heartbeat: 'a listening goes on',
	listen_end: 'a listening ended',
	pair_kiosk: 'a device became a kiosk',
	revoke_kiosk: 'a kiosk lost its right',
	read_log: 'the access log was read',
	verify_log: 'the access log was verified'
} as const;
export type Action = keyof typeof actions;

/** Why; the first four are the only purposes of listening (register description § 4). */
export const purposes = [
	'verify_call',
	'secure_rights',
	'training_and_quality',
	'subject_access',
	'administration',
	'audit'
] as const;
export type Purpose = (typeof purposes)[number];

/** In which role. */
export const roles = [
	'customer',
	'kiosk',
	'contact_person',
	'agent',
	'supervisor',
	'maintainer',
	'auditor',
	'system',
	'unknown'
] as const;
export type LogRole = (typeof roles)[number];

export const outcomes = ['done', 'refused'] as const;
export type Outcome = (typeof outcomes)[number];

/** What an entry may be about, each by its opaque id. */
export const subjects = ['recording', 'request', 'appointment', 'visit', 'kiosk', 'office', 'person'] as const;
export type Subject = (typeof subjects)[number];

/** What may be counted in an entry, whole numbers only. */
export const measures = ['seconds_heard', 'position_ms', 'results', 'entries', 'recordings'] as const;
export type Measure = (typeof measures)[number];
