import type { Told } from '#access-log/extract.ts';
import type { LogRole, Purpose } from '#access-log/words.ts';
import type { Language } from '#ui/language.svelte.ts';
import { m } from '#ui/words/compiled/messages.js';

const actions = {
	view_recording: m.extract_view_recording,
	listen_begin: m.extract_listen_begin,
	bind_recording: m.extract_bind_recording,
	unbind_recording: m.extract_unbind_recording,
	report_not_my_call: m.extract_report_not_my_call,
	hold_recording: m.extract_hold_recording,
	end_hold: m.extract_end_hold,
	destroy_recording: m.extract_destroy_recording
} satisfies Record<Told, unknown>;
const roles = {
	customer: m.extract_role_customer,
	kiosk: m.log_role_kiosk,
	contact_person: m.console_role_contact_person,
	agent: m.console_role_agent,
	supervisor: m.console_role_supervisor,
	maintainer: m.console_role_maintainer,
	auditor: m.console_role_auditor,
	system: m.extract_role_system,
	unknown: m.log_role_unknown
} satisfies Record<LogRole, unknown>;
const purposes = {
	verify_call: m.log_purpose_verify_call,
	secure_rights: m.log_purpose_secure_rights,
	training_and_quality: m.log_purpose_training_and_quality,
	subject_access: m.log_purpose_subject_access,
	administration: m.log_purpose_administration,
	retention: m.log_purpose_retention,
	audit: m.log_purpose_audit
} satisfies Record<Purpose, unknown>;

/** The words of an extract in the data subject's language. */
export function extractWords(locale: Language) {
	const speak = { locale };
	return {
		title: () => m.extract_title({}, speak),
		lead: (gaps: { date: string }) => m.extract_lead(gaps, speak),
		recording: (gaps: { number: number }) => m.extract_recording(gaps, speak),
		when: () => m.extract_when({}, speak),
		who: () => m.extract_who({}, speak),
		what: () => m.extract_what({}, speak),
		why: () => m.extract_why({}, speak),
		heard: (gaps: { seconds: number }) => m.extract_heard(gaps, speak),
		none: () => m.extract_none({}, speak),
		rolesNote: () => m.extract_roles_note({}, speak),
		namesNote: () => m.extract_names_note({}, speak),
		action: (action: Told) => actions[action]({}, speak),
		role: (role: LogRole) => roles[role]({}, speak),
		purpose: (purpose: Purpose) => purposes[purpose]({}, speak)
	};
}
