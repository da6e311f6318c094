import type { Logged } from '#access-log/entry.ts';
import type { Action, Measure, Subject } from '#access-log/words.ts';
import { clock } from '#ui/clock.ts';
import { m } from '#ui/words/compiled/messages.js';
import { actionWords, purposeWords, roleWords } from './log-words.ts';

/** A piece of a sentence: words, or the id of a thing that has a page of its own. */
export type Piece = string | { kind: Subject | 'actor'; id: string };

/**
 * An entry as a sentence in the language of the page: who did what, to which things, why and where. Ids stay ids: the
 * log knows no names.
 */
export function sentence(entry: Logged): Piece[] {
	const { action, outcome, reason, purpose, measures = {} } = entry;
	const done = outcome === 'done';
	const about = subjects.filter((name) => entry[name] && entry[name] !== entry.actor);
	const more = [
		reason && (done ? reasonWords(reason) : m.line_because({ why: reasonWords(reason) })),
		purpose && m.line_purpose({ why: lowered(purposeWords(purpose)) }),
		...Object.entries(measures).map(([name, value]) => measureWords(name, value))
	].filter((words) => words !== undefined);
	return [
		...who(entry),
		' ',
		done
			? (did[action]?.() ?? `(${lowered(actionWords(action))})`)
			: m.line_refused({ what: lowered(actionWords(action)) }),
		...about.flatMap((name, place): Piece[] => [
			`${place === 0 ? ' (' : ', '}${things[name]?.() ?? name} `,
			{ kind: name, id: String(entry[name]) }
		]),
		about.length > 0 ? ')' : '',
		...more.map((words) => `; ${words}`),
		'.'
	].filter((piece) => piece !== '');
}

/** The same, as text. */
export function sentenceText(entry: Logged): string {
	return sentence(entry)
		.map((piece) => (typeof piece === 'string' ? piece : piece.id))
		.join('');
}

/** Why something was refused or ended, in words; a code that has none yet is shown as it is. */
export function reasonWords(reason: string): string {
	return reasons[reason]?.() ?? reason;
}

function who({ actor, role }: Logged): Piece[] {
	const words =
		role === 'customer'
			? m.line_who_customer()
			: role !== 'unknown'
				? roleWords(role)
				: actor
					? m.line_who_person()
					: m.line_who_nobody();
	return actor ? [`${words} `, { kind: 'actor', id: actor }] : [words];
}

function measureWords(name: string, value: number | undefined): string | undefined {
	if (value === undefined) return undefined;
	// A measure that this version does not know is shown as it is.
	return (figures as Record<string, (n: number) => string>)[name]?.(value) ?? `${name.replaceAll('_', ' ')} ${value}`;
}

function dayWords(n: number): string {
	return String(n).replace(/^(\d{4})(\d{2})/, '$1-$2-');
}

function lowered(words: string): string {
	return words.charAt(0).toLocaleLowerCase() + words.slice(1);
}

const subjects = ['recording', 'request', 'appointment', 'visit', 'person', 'kiosk', 'office'] as const;
const things: Partial<Record<Subject, () => string>> = {
	recording: m.line_recording,
	request: m.line_request,
	appointment: m.line_appointment,
	visit: m.line_visit,
	kiosk: m.line_kiosk,
	office: m.line_office,
	person: m.line_person
};

const figures: Partial<Record<Measure, (n: number) => string>> = {
	seconds_heard: (n) => m.line_m_seconds_heard({ n }),
	position_ms: (n) => m.line_m_position_ms({ at: clock(n) }),
	results: (n) => m.line_m_results({ n }),
	entries: (n) => m.line_m_entries({ n }),
	recordings: (n) => m.line_m_recordings({ n }),
	usual: (n) => m.line_m_usual({ n }),
	late_seconds: (n) => m.line_m_late_seconds({ n }),
	day: (n) => m.line_m_day({ day: dayWords(n) }),
	people: (n) => m.line_m_people({ n }),
	valid_until: (n) => m.line_m_valid_until({ day: dayWords(n) })
};

// An action that has no sentence yet is told by its name.
const did: Partial<Record<Action, () => string>> = {
	system_start: m.line_did_system_start,
	system_stop: m.line_did_system_stop,
	sign_in: m.line_did_sign_in,
	sign_out: m.line_did_sign_out,
	step_up: m.line_did_step_up,
	enrol_second_factor: m.line_did_enrol_second_factor,
	use_recovery_code: m.line_did_use_recovery_code,
	renew_recovery_codes: m.line_did_renew_recovery_codes,
	reset_second_factor: m.line_did_reset_second_factor,
	change_password: m.line_did_change_password,
	give_password: m.line_did_give_password,
	end_session: m.line_did_end_session,
	add_person: m.line_did_add_person,
	rename_person: m.line_did_rename_person,
	give_role: m.line_did_give_role,
	take_role: m.line_did_take_role,
	change_team: m.line_did_change_team,
	change_supervised: m.line_did_change_supervised,
	change_offices: m.line_did_change_offices,
	activate_person: m.line_did_activate_person,
	deactivate_person: m.line_did_deactivate_person,
	import_people: m.line_did_import_people,
	record_training: m.line_did_record_training,
	add_team: m.line_did_add_team,
	change_team_name: m.line_did_change_team_name,
	add_office: m.line_did_add_office,
	change_office: m.line_did_change_office,
	enter_console: m.line_did_enter_console,
	receive_request: m.line_did_receive_request,
	view_request: m.line_did_view_request,
	change_request: m.line_did_change_request,
	search_recordings: m.line_did_search_recordings,
	view_recording: m.line_did_view_recording,
	bind_recording: m.line_did_bind_recording,
	unbind_recording: m.line_did_unbind_recording,
	book_appointment: m.line_did_book_appointment,
	cancel_appointment: m.line_did_cancel_appointment,
	print_invitation: m.line_did_print_invitation,
	show_code: m.line_did_show_code,
	verify_identity: m.line_did_verify_identity,
	release_visit: m.line_did_release_visit,
	end_visit: m.line_did_end_visit,
	call_staff: m.line_did_call_staff,
	report_not_my_call: m.line_did_report_not_my_call,
	wish: m.line_did_wish,
	open_audio: m.line_did_open_audio,
	listen_begin: m.line_did_listen_begin,
	listen_heartbeat: m.line_did_listen_heartbeat,
	listen_end: m.line_did_listen_end,
	pair_kiosk: m.line_did_pair_kiosk,
	revoke_kiosk: m.line_did_revoke_kiosk,
	unlock_kiosk: m.line_did_unlock_kiosk,
	hold_recording: m.line_did_hold_recording,
	confirm_hold: m.line_did_confirm_hold,
	end_hold: m.line_did_end_hold,
	view_holds: m.line_did_view_holds,
	sweep: m.line_did_sweep,
	reseal_recording: m.line_did_reseal_recording,
	destroy_key: m.line_did_destroy_key,
	destroy_recording: m.line_did_destroy_recording,
	view_destructions: m.line_did_view_destructions,
	reconcile: m.line_did_reconcile,
	export_key: m.line_did_export_key,
	rotate_master_key: m.line_did_rotate_master_key,
	make_backup: m.line_did_make_backup,
	restore_backup: m.line_did_restore_backup,
	restore_drill: m.line_did_restore_drill,
	read_log: m.line_did_read_log,
	export_log: m.line_did_export_log,
	make_extract: m.line_did_make_extract,
	disclose_names: m.line_did_disclose_names,
	make_package: m.line_did_make_package,
	view_figures: m.line_did_view_figures,
	verify_log: m.line_did_verify_log,
	rotate_log_key: m.line_did_rotate_log_key
};

const reasons: Record<string, () => string> = {
	wrong_role: m.line_reason_wrong_role,
	not_active: m.line_reason_not_active,
	training_missing: m.line_reason_training_missing,
	training_expired: m.line_reason_training_expired,
	wrong_credentials: m.line_reason_wrong_credentials,
	too_many_tries: m.line_reason_too_many_tries,
	same_person: m.line_reason_same_person,
	day_key_destroyed: m.line_reason_day_key_destroyed,
	wrong_code: m.line_reason_wrong_code,
	used: m.line_reason_used,
	too_early: m.line_reason_too_early,
	too_late: m.line_reason_too_late,
	cancelled: m.line_reason_cancelled,
	other_office: m.line_reason_other_office,
	other_kiosk: m.line_reason_other_kiosk,
	kiosk_in_use: m.line_reason_kiosk_in_use,
	outside_slot: m.line_reason_outside_slot,
	not_verified: m.line_reason_not_verified,
	not_released: m.line_reason_not_released,
	not_released_yet: m.line_reason_not_released_yet,
	not_my_call: m.line_reason_not_my_call,
	left_player: m.line_reason_left_player,
	past_retention: m.line_reason_past_retention,
	clock_jumped: m.line_reason_clock_jumped,
	long_silence: m.line_reason_long_silence,
	more_than_usual: m.line_reason_more_than_usual,
	clock_was_ahead: m.line_reason_clock_was_ahead,
	revoked: m.line_reason_revoked,
	customer: m.line_reason_customer,
	contact_person: m.line_reason_contact_person,
	slot_over: m.line_reason_slot_over,
	idle: m.line_reason_idle,
	log_unavailable: m.line_reason_log_unavailable,
	server_stopped: m.line_reason_server_stopped,
	closing: m.line_reason_closing,
	copy: m.line_reason_copy,
	correction: m.line_reason_correction,
	talk: m.line_reason_talk,
	text: m.line_reason_text,
	heard: m.line_reason_heard,
	nothing_found: m.line_reason_nothing_found,
	destroyed_before_receipt: m.line_reason_destroyed_before_receipt,
	withdrawn: m.line_reason_withdrawn,
	refused: m.line_reason_refused,
	request_closed: m.line_reason_request_closed,
	unbound: m.line_reason_unbound,
	time_over: m.line_reason_time_over,
	not_confirmed: m.line_reason_not_confirmed,
	by_hand: m.line_reason_by_hand,
	names_essential: m.line_reason_names_essential,
	names_agreed: m.line_reason_names_agreed,
	names_ordered: m.line_reason_names_ordered
};
