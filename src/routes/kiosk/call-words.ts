import type { Shown } from '#visits/showing.ts';
import { day, time } from '#ui/language.svelte.ts';
import { m } from '#ui/words/compiled/messages.js';

const ways = {
	received: { customer_service: m.kiosk_call_received_customer_service, telesales: m.kiosk_call_received_telesales },
	made: { customer_service: m.kiosk_call_made_customer_service, telesales: m.kiosk_call_made_telesales }
};

/** Who called whom, said to the customer. */
export function wayOf({ direction, line }: Shown): string {
	return ways[direction][line]();
}

/** When a call was, said to the customer. */
export function whenOf({ answered }: Shown): string {
	const at = new Date(answered);
	return m.kiosk_call_at({ day: day(at), time: time(at) });
}
