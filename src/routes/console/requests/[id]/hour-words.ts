import type { LateReason, Reason } from '#visits/reasons.ts';
import type { Remark } from '#visits/offers.ts';
import type { Obstacle } from '#visits/rebooking.ts';
import { m } from '#ui/words/compiled/messages.js';

export const remarks: Record<Remark, () => string> = {
	after_deadline: m.hours_remark_after_deadline,
	some_destroyed: m.hours_remark_some_destroyed
};

export const whys: Record<Reason, () => string> = {
	time_unsuitable: m.hours_why_time_unsuitable,
	cannot_come: m.hours_why_cannot_come,
	withdrawn: m.hours_why_withdrawn,
	kiosk_out_of_use: m.hours_why_kiosk_out_of_use,
	office_closed: m.hours_why_office_closed,
	person_away: m.hours_why_person_away,
	mistake: m.hours_why_mistake,
	request_closed: m.hours_why_request_closed,
	did_not_come: m.hours_why_did_not_come
};

/** What the desk may choose when a time is moved or given back. */
export const choices = [
	['customer', m.hours_by_customer, ['time_unsuitable', 'cannot_come', 'withdrawn']],
	['us', m.hours_by_us, ['kiosk_out_of_use', 'office_closed', 'person_away', 'mistake']]
] as const satisfies readonly (readonly [string, () => string, readonly Reason[]])[];

export const lateWhys: Record<LateReason, () => string> = {
	customer_wished: m.hours_late_customer_wished,
	no_earlier_time: m.hours_late_no_earlier_time,
	need_arranged: m.hours_late_need_arranged
};

export const obstacles: Record<Obstacle, () => string> = {
	kiosk_out_of_use: m.hours_obstacle_kiosk_out_of_use,
	office_closed: m.hours_obstacle_office_closed,
	person_away: m.hours_obstacle_person_away
};

/** What is said beside the times themselves; everything else stands at the top of the page. */
export const hourReasons: Record<string, () => string> = {
	slot_taken: m.hours_reason_slot_taken,
	slot: m.hours_reason_slot,
	late_reason: m.hours_reason_late_reason,
	not_over: m.hours_reason_not_over
};
