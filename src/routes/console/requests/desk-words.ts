import type { RequestEnding, RequestState } from '#requests/request.ts';
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
	['refused', m.desk_ending_refused]
];

const wishes: Record<string, () => string> = {
	copy: m.desk_wish_copy,
	correction: m.desk_wish_correction,
	talk: m.desk_wish_talk,
	text: m.desk_wish_text
};

export function wishWords(wish: string): string {
	return wishes[wish]?.() ?? wish;
}

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
