import type { Client } from '#pocketbase/pocketbase.ts';
import { newCodes, recognised } from '#visits/code.ts';
import { sessionOf } from '../support/people.ts';
import * as plant from '../support/plant.ts';
import type { Serving } from '../support/serving.ts';

/** The contact person's side of many visits: books them, and releases them on the console as a browser would. */
export interface Desk {
	/** A new kiosk's id and its device's secret. */
	kiosk(): Promise<{ id: string; secret: string }>;
	/** Books the hour that is now at a kiosk; gives the invitation's code, and what ends the hour for the next. */
	book(kiosk: string): Promise<{ code: string; release: () => Promise<void>; over: () => Promise<void> }>;
	/** Reads a page of the console, as somebody who has it open looks again and again. */
	look(address: string): Promise<void>;
}

export async function openDesk(serving: Serving, calls: string[]): Promise<Desk> {
	const superuser = await serving.superuser();
	const house = { superuser };
	const [office] = await superuser.collection('offices').getFullList();
	const contact = await superuser.collection('staff').getFirstListItem("sign_in_name = 'contact'");
	if (!office) throw new Error('the register is not furnished');
	const sessions = new Map<string, string>();

	/** As somebody at a desk; whose session is over signs in again. */
	async function as(name: string, address: string, form?: Record<string, string>): Promise<void> {
		for (let times = 0; times < 2; times++) {
			const cookie = sessions.get(name) ?? (await sessionOf(serving.origin, name));
			sessions.set(name, cookie);
			const answer = await fetch(`${serving.origin}${address}`, {
				method: form ? 'POST' : 'GET',
				redirect: 'manual',
				headers: { ...seemly, Cookie: cookie },
				...(form ? { body: new URLSearchParams(form) } : {})
			});
			const text = await answer.text();
			if (answer.status === 200) return;
			if (answer.status !== 303) throw new Error(`${address} as ${name}: ${answer.status} ${text.slice(0, 200)}`);
			sessions.delete(name);
		}
		throw new Error(`${name} is always sent away`);
	}

	const seemly = { Origin: serving.origin, 'Sec-Fetch-Site': 'same-origin', Accept: 'text/html' };

	return {
		async kiosk() {
			const { id, secret } = await plant.kiosk(house, office.id, contact.id);
			return { id, secret };
		},
		async book(kiosk) {
			const codes = newCodes();
			const request = await plant.request(house, contact.id, { state: 'booked', recordings: calls });
			const { id } = await plant.appointment(
				house,
				{ request: request.id, office: office.id, kiosk, bookedBy: contact.id },
				{ code_hash: recognised(codes.code)?.hash, token_hash: recognised(codes.token)?.hash }
			);
			return {
				code: codes.code,
				async release() {
					const visit = await visitOf(superuser, id);
					await as('contact', '/console/today?/release', { visit, document: 'passport' });
				},
				async over() {
					const [live] = await superuser
						.collection('visits')
						.getFullList({ filter: `appointment = "${id}" && state != "ended"` });
					if (live) throw new Error(`the visit ended as ${live['state']}`);
					await superuser.collection('appointments').update(id, { state: 'cancelled' });
				}
			};
		},
		look: (address) => as(address.startsWith('/console/log') ? 'auditor' : 'contact', address)
	};
}

async function visitOf(superuser: Client, appointment: string): Promise<string> {
	const visit = await superuser.collection('visits').getFirstListItem(`appointment = "${appointment}"`);
	return visit.id;
}
