import type { Action } from '#access-log/words.ts';
import { m } from '#ui/words/compiled/messages.js';

const actions: Record<Action, () => string> = {
	system_start: m.log_action_system_start,
	system_stop: m.log_action_system_stop,
	sign_in: m.log_action_sign_in,
	sign_out: m.log_action_sign_out,
	step_up: m.log_action_step_up,
	enrol_second_factor: m.log_action_enrol_second_factor,
	use_recovery_code: m.log_action_use_recovery_code,
	renew_recovery_codes: m.log_action_renew_recovery_codes,
	reset_second_factor: m.log_action_reset_second_factor,
	change_password: m.log_action_change_password,
	give_password: m.log_action_give_password,
	end_session: m.log_action_end_session,
	add_person: m.log_action_add_person,
	change_person: m.log_action_change_person,
	rename_person: m.log_action_rename_person,
	give_role: m.log_action_give_role,
	take_role: m.log_action_take_role,
	change_team: m.log_action_change_team,
	change_supervised: m.log_action_change_supervised,
	change_offices: m.log_action_change_offices,
	activate_person: m.log_action_activate_person,
	deactivate_person: m.log_action_deactivate_person,
	import_people: m.log_action_import_people,
	record_training: m.log_action_record_training,
	add_team: m.log_action_add_team,
	change_team_name: m.log_action_change_team_name,
	add_office: m.log_action_add_office,
	change_office: m.log_action_change_office,
	enter_console: m.log_action_enter_console,
	receive_request: m.log_action_receive_request,
	view_request: m.log_action_view_request,
	change_request: m.log_action_change_request,
	extend_request: m.log_action_extend_request,
	note_wish: m.log_action_note_wish,
	answer_wish: m.log_action_answer_wish,
	close_request: m.log_action_close_request,
	print_letter: m.log_action_print_letter,
	erase_requesters: m.log_action_erase_requesters,
	search_recordings: m.log_action_search_recordings,
	view_recording: m.log_action_view_recording,
	bind_recording: m.log_action_bind_recording,
	unbind_recording: m.log_action_unbind_recording,
	rule_out_recording: m.log_action_rule_out_recording,
	rule_in_recording: m.log_action_rule_in_recording,
	check_recording: m.log_action_check_recording,
	book_appointment: m.log_action_book_appointment,
	move_appointment: m.log_action_move_appointment,
	cancel_appointment: m.log_action_cancel_appointment,
	miss_appointment: m.log_action_miss_appointment,
	send_invitation: m.log_action_send_invitation,
	print_invitation: m.log_action_print_invitation,
	show_code: m.log_action_show_code,
	code_alarm: m.log_action_code_alarm,
	verify_identity: m.log_action_verify_identity,
	release_visit: m.log_action_release_visit,
	extend_visit: m.log_action_extend_visit,
	end_visit: m.log_action_end_visit,
	call_staff: m.log_action_call_staff,
	report_not_my_call: m.log_action_report_not_my_call,
	wish: m.log_action_wish,
	open_audio: m.log_action_open_audio,
	listen_begin: m.log_action_listen_begin,
	listen_heartbeat: m.log_action_listen_heartbeat,
	listen_end: m.log_action_listen_end,
	pair_kiosk: m.log_action_pair_kiosk,
	change_kiosk: m.log_action_change_kiosk,
	revoke_kiosk: m.log_action_revoke_kiosk,
	calibrate_kiosk: m.log_action_calibrate_kiosk,
	unlock_kiosk: m.log_action_unlock_kiosk,
	hold_recording: m.log_action_hold_recording,
	confirm_hold: m.log_action_confirm_hold,
	end_hold: m.log_action_end_hold,
	view_holds: m.log_action_view_holds,
	sweep: m.log_action_sweep,
	reseal_recording: m.log_action_reseal_recording,
	destroy_key: m.log_action_destroy_key,
	destroy_recording: m.log_action_destroy_recording,
	view_destructions: m.log_action_view_destructions,
	reconcile: m.log_action_reconcile,
	export_key: m.log_action_export_key,
	rotate_master_key: m.log_action_rotate_master_key,
	make_backup: m.log_action_make_backup,
	restore_backup: m.log_action_restore_backup,
	restore_drill: m.log_action_restore_drill,
	read_log: m.log_action_read_log,
	export_log: m.log_action_export_log,
	make_extract: m.log_action_make_extract,
	disclose_names: m.log_action_disclose_names,
	make_package: m.log_action_make_package,
	view_figures: m.log_action_view_figures,
	verify_log: m.log_action_verify_log,
	rotate_log_key: m.log_action_rotate_log_key
};
const roles: Record<string, () => string> = {
	customer: m.log_role_customer,
	kiosk: m.log_role_kiosk,
	contact_person: m.console_role_contact_person,
	agent: m.console_role_agent,
	supervisor: m.console_role_supervisor,
	maintainer: m.console_role_maintainer,
	auditor: m.console_role_auditor,
	system: m.log_role_system,
	unknown: m.log_role_unknown
};
const purposes: Record<string, () => string> = {
	verify_call: m.log_purpose_verify_call,
	secure_rights: m.log_purpose_secure_rights,
	training_and_quality: m.log_purpose_training_and_quality,
	subject_access: m.log_purpose_subject_access,
	administration: m.log_purpose_administration,
	retention: m.log_purpose_retention,
	audit: m.log_purpose_audit
};

/** An action in words; the closed list above keeps every one named. */
export function actionWords(action: string): string {
	return (actions as Record<string, () => string>)[action]?.() ?? action;
}

export function roleWords(role: string): string {
	return roles[role]?.() ?? role;
}

export function purposeWords(purpose: string): string {
	return purposes[purpose]?.() ?? purpose;
}

export function outcomeWords(outcome: string): string {
	return outcome === 'refused' ? m.log_refused() : m.log_done();
}

/** A word as it begins a label. */
export function capital(word: string): string {
	return word.charAt(0).toLocaleUpperCase() + word.slice(1);
}
