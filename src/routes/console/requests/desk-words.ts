import type { LetterKind } from '#requests/letters.ts';
import type { Need, RequestEnding, RequestState, Wish, WishOutcome } from '#requests/request.ts';
import type { Risk } from '#requests/risk.ts';
import type { SecondFact } from '#requests/matching.ts';
import { m } from '#ui/words/compiled/messages.js';

const states: Record<RequestState, () => string> = {
	received: m.desk_state_received,
	matched: m.desk_state_matched,
	booked: m.desk_state_booked,
	heard: m.desk_state_heard,
	closed: m.desk_state_closed
};

export function stateWords(state: RequestState): string {
	return states[state]();
}

export const channelNames = [
	['phone', m.desk_channel_phone],
	['email', m.desk_channel_email],
	['letter', m.desk_channel_letter],
	['in_person', m.desk_channel_in_person],
	['message', m.desk_channel_message]
] as const;

export const languageNames = [
	['fi', m.language_fi],
	['sv', m.language_sv],
	['en', m.language_en]
] as const;

export const secondFactNames: readonly (readonly [SecondFact, () => string])[] = [
	['time', m.desk_fact_time],
	['employee', m.desk_fact_employee],
	['subject', m.desk_fact_subject],
	['service_number', m.desk_fact_service_number],
	['duration', m.desk_fact_duration]
];

export const endingNames: readonly (readonly [RequestEnding, () => string])[] = [
	['heard', m.desk_ending_heard],
	['nothing_found', m.desk_ending_nothing_found],
	['destroyed_before_receipt', m.desk_ending_destroyed],
	['withdrawn', m.desk_ending_withdrawn],
	['refused', m.desk_ending_refused],
	['duplicate', m.request_duplicate]
];

type Names<W extends string> = readonly (readonly [W, () => string])[];

export const wishNames: Names<Wish> = [
	['copy', m.request_task_copy],
	['text', m.request_task_text],
	['correction', m.request_task_correction],
	['talk', m.request_task_talk]
];

export const outcomeNames: Names<WishOutcome> = [
	['heard_instead', m.request_outcome_heard_instead],
	['done', m.request_outcome_done],
	['refused', m.request_outcome_refused],
	['withdrawn', m.request_outcome_withdrawn]
];

export const wantNames = [
	['listen', m.request_want_listen],
	['copy', m.request_want_copy],
	['text', m.request_want_text],
	['information', m.request_want_information]
] as const;

export const needNames: Names<Need> = [
	['hearing_loop', m.request_need_hearing_loop],
	['wheelchair', m.request_need_wheelchair],
	['interpreter', m.request_need_interpreter],
	['companion', m.request_need_companion]
];

export const actingNames = [
	['custody', m.request_basis_custody],
	['guardianship', m.request_basis_guardianship],
	['continuing_power', m.request_basis_continuing_power],
	['power_of_attorney', m.request_basis_power_of_attorney]
] as const;

export const extensionNames = [
	['complex', m.request_extend_complex],
	['many', m.request_extend_many]
] as const;

export const groundNames = [
	['not_identified', m.request_ground_not_identified],
	['unfounded', m.request_ground_unfounded],
	['excessive', m.request_ground_excessive],
	['others_rights', m.request_ground_others_rights],
	['law', m.request_ground_law]
] as const;

export const riskNames: Names<Risk> = [
	['late', m.request_risk_late],
	['deadline', m.request_risk_deadline],
	['destruction', m.request_risk_destruction]
];

export const letterNames: Names<LetterKind> = [
	['receipt', m.request_letter_receipt],
	['extension', m.request_letter_extension],
	['nothing_found', m.request_letter_nothing_found],
	['destroyed_before_receipt', m.request_letter_destroyed_before_receipt],
	['refused', m.request_letter_refused],
	['information', m.request_letter_information]
];

/** Why something at the desk was refused, where there is more to say than the kind of failure. */
export const reasonWords: Record<string, () => string> = {
	received_in_the_future: m.desk_reason_future,
	customer_number: m.desk_reason_number,
	slot_taken: m.desk_reason_slot_taken,
	slot: m.desk_reason_slot,
	nothing_bound: m.desk_reason_nothing_bound,
	already_booked: m.desk_reason_already_booked,
	not_booked: m.desk_reason_not_booked,
	wishes_open: m.desk_reason_wishes_open,
	request_closed: m.desk_reason_closed,
	past_retention: m.desk_reason_past_retention,
	wish_not_open: m.request_reason_wish_not_open,
	ground_missing: m.request_reason_ground_missing,
	no_destruction: m.request_reason_no_destruction,
	already_extended: m.request_reason_already_extended,
	first_month_over: m.request_extend_over,
	checked_already: m.request_reason_checked,
	bound: m.request_reason_bound,
	visit_under_way: m.desk_reason_visit_under_way,
	slot_over: m.desk_reason_slot_over
};

/** A value's name out of one of the lists above. */
export function wordFor(names: readonly (readonly [string, () => string])[], value: string): string {
	return names.find(([one]) => one === value)?.[1]() ?? value;
}

/** How many days are left of a deadline, or how late it is. */
export function daysWords(days: number): string {
	if (days === 0) return m.desk_today();
	return days < 0 ? m.desk_late({ days: -days }) : m.desk_days({ days });
}
