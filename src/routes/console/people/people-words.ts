import type { FailureKind } from '#failures.ts';
import type { BadRow } from '#staff/people-csv.ts';
import type { Role } from '#staff/person.ts';
import type { Course, TrainingState } from '#staff/training-state.ts';
import { failureWords } from '#ui/failure-words.ts';
import { m } from '#ui/words/compiled/messages.js';

export const roleNames: Record<Role, () => string> = {
	contact_person: m.console_role_contact_person,
	agent: m.console_role_agent,
	supervisor: m.console_role_supervisor,
	maintainer: m.console_role_maintainer,
	auditor: m.console_role_auditor
};

export const courseNames: Record<Course, () => string> = {
	system_use: m.people_course_system_use,
	confidentiality: m.people_course_confidentiality
};

export const stateNames: Record<TrainingState, () => string> = {
	missing: m.people_training_missing,
	expired: m.people_training_expired,
	within_week: m.people_training_within_week,
	within_month: m.people_training_within_month,
	valid: m.people_training_valid
};

export const badRowWords: Record<BadRow['reason'], () => string> = {
	form: m.people_bad_form,
	twice: m.people_bad_twice,
	empty: m.people_bad_empty,
	too_long: m.people_bad_too_long,
	unknown_role: m.people_bad_unknown_role,
	unknown_team: m.people_bad_unknown_team,
	unknown_office: m.people_bad_unknown_office
};

const reasons: Record<string, () => string> = {
	own_record: m.people_own_record,
	not_subordinate: m.people_not_subordinate,
	training_dates: m.people_training_dates,
	people_list: m.people_bad_list,
	hours: m.people_bad_hours,
	exception_day: m.people_bad_day
};

/** What went wrong, in words; the name that is taken, and what may not be done to oneself, by their own. */
export function wrongWords(failure: { kind: FailureKind; reason: string } | undefined): string | undefined {
	if (!failure) return undefined;
	if (failure.kind === 'conflict') return m.people_name_taken();
	return reasons[failure.reason]?.() ?? failureWords(failure.kind);
}
