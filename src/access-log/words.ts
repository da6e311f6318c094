// The closed lists of the access log: an entry holds these words, ids and whole numbers, and nothing else.

/** What was done or refused. */
export const actions = {
	system_start: 'the application opened the log',
	system_stop: 'the application closed the log',
	sign_in: 'a person signed in',
	sign_out: 'a person signed out',
	step_up: 'a signed-in person proved anew who they are',
	enrol_second_factor: 'a person took a second factor into use',
	use_recovery_code: 'a person signed in or stepped up with a recovery code, which is used up',
	renew_recovery_codes: 'a person had new recovery codes made; the old ones are void',
	reset_second_factor: 'the second factor of a person was taken away, to be taken into use anew',
	change_password: 'a person chose a new password',
	give_password: 'a person got a new password for one sign-in',
	end_session: 'a session was ended by its person from elsewhere, or by a maintainer',
	add_person: 'a person was added',
	change_person: 'the record of a person was to be changed',
	rename_person: 'the name of a person was changed',
	give_role: 'a person got a role, which the reason names',
	take_role: 'a person lost a role, which the reason names',
	change_team: 'a person moved to another team, or to none',
	change_supervised: 'the teams whose supervisor a person is were changed',
	change_offices: 'the offices where a person serves were changed',
	activate_person: 'a person may sign in again',
	deactivate_person: 'a person may not sign in any more',
	import_people: 'a list of people was taken in',
	record_training: 'a completed course of a person was recorded',
	add_team: 'a team was added',
	change_team_name: 'the name of a team was changed',
	add_office: 'an office was added',
	change_office: 'the name, the address or the opening hours of an office were changed',
	enter_console: 'a person opened a part of the console',
	receive_request: 'a request of a data subject was taken in',
	view_request: 'a request was opened',
	change_request: 'a request was changed or closed',
	extend_request: 'the answer to a request was put off, with a reason',
	note_wish: 'the desk noted that the customer asks for something more',
	answer_wish: 'what the customer asked for besides was answered',
	close_request: 'a request was closed',
	print_letter: 'a letter to the customer was made',
	erase_requesters: 'the data of those who had asked were erased, some time after their requests closed',
	search_recordings: 'recordings were searched',
	view_recording: 'the data of a recording were shown, without its sound',
	bind_recording: 'a recording was bound to a request',
	unbind_recording: 'a recording was taken from a request',
	rule_out_recording: 'a recording was found to be somebody else’s',
	rule_in_recording: 'that a recording was somebody else’s was taken back',
	check_recording: 'the desk may hear half a minute of a candidate, once',
	book_appointment: 'an appointment was booked',
	move_appointment: 'an appointment was moved to another time',
	cancel_appointment: 'an appointment was cancelled',
	miss_appointment: 'nobody came to an appointment',
	send_invitation: 'an invitation, or that its hour was given back, was sent by e-mail',
	print_invitation: 'an invitation with new codes was made',
	show_code: 'a code was shown at a kiosk',
	code_alarm: 'an office had fifty wrong codes within an hour',
	verify_identity: 'an identity document was checked',
	release_visit: 'recordings were released to a kiosk for the hour',
	extend_visit: 'a visit was made longer',
	end_visit: 'a visit ended',
	call_staff: 'a visitor called staff',
	report_not_my_call: 'a visitor said that a call is not theirs',
	wish: 'a visitor asked for something more',
	open_audio: 'sound was asked for',
	listen_begin: 'a listening began: the sound may go out',
	listen_heartbeat: 'a listening goes on',
	listen_end: 'a listening ended',
	pair_kiosk: 'a device became a kiosk',
	change_kiosk: 'a kiosk got another name or another office',
	revoke_kiosk: 'a kiosk lost its right',
	calibrate_kiosk: 'the size of a kiosk screen was measured',
	unlock_kiosk: 'a kiosk that had too many wrong codes takes codes again',
	hold_recording: 'a recording was put on hold: it is not destroyed until the hold ends',
	confirm_hold: 'a second person confirmed a hold',
	end_hold: 'a hold ended',
	view_holds: 'the holds were shown',
	sweep: 'recordings whose time is over were about to be destroyed',
	reseal_recording: 'a held recording was sealed to a key of its own',
	destroy_key: 'a key was destroyed, and with it all that it sealed',
	destroy_recording: 'a recording was destroyed: its key, its file and its data',
	view_destructions: 'the records of destruction were shown',
	reconcile: 'the database was compared with its files and the keys',
	export_key: 'the key of a day was given out',
	rotate_master_key: 'the keys were encrypted anew under another master key',
	make_backup: 'a backup was begun: a copy of the register and, elsewhere, of the keys',
	restore_backup: 'the register was restored from a backup; what this log holds came with it',
	restore_drill: 'a backup was restored elsewhere, to try it, and removed again',
	read_log: 'the access log was read',
	export_log: 'entries of the access log were given out as a file',
	make_extract: 'it was put together for a data subject who saw and heard their recordings, when and why',
	disclose_names: 'the names of employees were put into such an extract; the reason says why',
	make_package: 'all that the log holds of one request was put together and verified',
	view_figures: 'the figures of a year were shown',
	verify_log: 'the access log was verified',
	rotate_log_key: 'the key that signs the access log was replaced by a new one'
} as const;
export type Action = keyof typeof actions;

/** Why; the first four are the only purposes of listening (register description § 4). */
export const purposes = {
	verify_call: 'to verify what was said in a call',
	secure_rights: 'to secure the rights and the legal protection of the customer or of the controller',
	training_and_quality: 'to train staff and to better the service',
	subject_access: 'to let a data subject have access to their own call',
	administration: 'to keep people, offices, kiosks and the application in order',
	retention: 'to destroy in time what may no longer be kept',
	audit: 'to see whether the register is used as it must be'
} as const;
export type Purpose = keyof typeof purposes;

/** In which role. */
export const roles = {
	customer: 'a visitor in their visit',
	kiosk: 'a paired device without a visit',
	contact_person: 'a contact person of the register',
	agent: 'one who answers and makes calls',
	supervisor: 'one whom a team answers to',
	maintainer: 'one who keeps the application running',
	auditor: 'one who reads this log',
	system: 'the application by itself',
	unknown: 'nobody known, or a person not yet in one of their roles'
} as const;
export type LogRole = keyof typeof roles;

/** How it ended. */
export const outcomes = {
	done: 'it was allowed, and happens now that it is in the log',
	refused: 'it was not allowed and did not happen; the reason says why'
} as const;
export type Outcome = keyof typeof outcomes;

/** What an entry may be about, each by its opaque id. */
export const subjects = {
	recording: 'the recording of a call',
	request: 'the request of a data subject',
	appointment: 'an hour booked at an office',
	visit: 'a visit to a kiosk',
	kiosk: 'the kiosk where it was',
	office: 'the office where it was',
	person: 'the member of staff to whom it was done'
} as const;
export type Subject = keyof typeof subjects;

/** What may be counted in an entry, whole numbers only. */
export const measures = {
	seconds_heard: 'how much was heard since the listening began, in seconds',
	position_ms: 'where in the recording the player was, in milliseconds',
	results: 'how many results a search showed',
	by_number: 'that a search named a masked number (1)',
	by_employee: 'that a search named an employee (1)',
	by_service_number: 'that a search named a number of the customer service (1)',
	by_direction: 'that a search named who called (1)',
	by_line: 'that a search named customer service or telesales (1)',
	by_length: 'that a search named how long the call was (1)',
	windows: 'in how many stretches of time a search looked',
	entries: 'how many entries of this log were shown',
	recordings: 'how many recordings it was about',
	requests: 'how many requests it was about',
	months: 'by how many months an answer was put off',
	usual: 'how many recordings a usual day has',
	late_seconds: 'how long after its time a recording was destroyed, in seconds',
	minutes: 'by how many minutes a visit was made longer',
	micrometres: 'the size of a CSS pixel on a screen, in micrometres',
	day: 'a day of calls, as the number YYYYMMDD',
	people: 'how many people it was about',
	valid_until: 'the last day on which a course is valid, as the number YYYYMMDD'
} as const;
export type Measure = keyof typeof measures;
