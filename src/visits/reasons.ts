// Closed words, so that they can stand in the access log.

/** Why a time is moved or given back, by whose wish; the last two of ours the desk does not choose. */
export const reasons = {
	customer: ['time_unsuitable', 'cannot_come', 'withdrawn'],
	us: ['kiosk_out_of_use', 'office_closed', 'person_away', 'mistake', 'request_closed', 'did_not_come']
} as const;
export type Party = keyof typeof reasons;
export type Reason = (typeof reasons)[Party][number];
/** By whom a time is moved or given back, and why. */
export interface Change {
	by: Party;
	why: Reason;
}

/** Why a time is taken that lies after the deadline or after the six months. */
export const lateReasons = ['customer_wished', 'no_earlier_time', 'need_arranged'] as const;
export type LateReason = (typeof lateReasons)[number];
