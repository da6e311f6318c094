import { rm } from 'node:fs/promises';
import type { Browser, Page } from '@playwright/test';
import { newCodes, recognised } from '../../src/visits/code.ts';
import { becomeKiosk, openPage } from './browsing.ts';
import { calls, exportOf } from './calls.ts';
import * as plant from './plant.ts';
import type { Serving } from './serving.ts';

type Place = Pick<Serving, 'origin' | 'superuser' | 'command'>;

/** A kiosk in a browser, before anybody has come; its hour is now. */
export interface AtTheKiosk {
	page: Page;
	mustBeQuiet: (unless?: RegExp) => void;
	/** The code of the invitation. */
	code: string;
	/** The calls of the request, oldest first. */
	recordings: string[];
	kiosk: string;
	appointment: string;
	/** The visit as the database holds it; undefined while there is none. */
	visit(): Promise<Record<string, unknown> | undefined>;
	/** The contact person has looked at the document: plants what a release leaves, and a state. */
	release(state?: string): Promise<void>;
	/** Sets the visit's fields as they are in the database; the page must look anew to see it. */
	set(fields: Record<string, unknown>): Promise<void>;
}

/** Takes in the test calls, once for a register; gives the ids of two calls of one customer. */
export async function takeInCalls(serving: Place): Promise<string[]> {
	const folder = await exportOf(calls);
	const { code, err } = await serving.command('import', folder);
	await rm(folder, { recursive: true, force: true });
	if (code !== 0) throw new Error(`the calls were not taken in: ${err}`);
	const superuser = await serving.superuser();
	const found = await superuser
		.collection('recordings')
		.getFullList({ filter: 'customer_number_masked ~ "0***" || customer_number_masked ~ "550***"', sort: 'answered' });
	const ids = found.map(({ id }) => id).slice(0, 2);
	if (ids.length !== 2) throw new Error('the calls of the customer are not there');
	return ids;
}

/** Plants a kiosk and a booked hour of a request with these calls, and opens the kiosk's page. */
export async function atTheKiosk(
	browser: Browser,
	serving: Place,
	recordings: string[],
	{ viewport = { width: 1080, height: 1920 }, mmPerCssPx = 0.2646, minutes = 55 } = {}
): Promise<AtTheKiosk> {
	const superuser = await serving.superuser();
	const house = { superuser };
	const [office] = await superuser.collection('offices').getFullList();
	const [person] = await superuser.collection('staff').getFullList({ filter: 'roles ~ "contact_person"' });
	if (!office || !person) throw new Error('the register is not furnished');
	const kiosk = await plant.kiosk(house, office.id, person.id);
	await superuser.collection('kiosks').update(kiosk.id, { mm_per_css_px: mmPerCssPx });
	const request = await plant.request(house, person.id, { state: 'booked', recordings });
	const codes = newCodes();
	const appointment = await plant.appointment(
		house,
		{ request: request.id, office: office.id, kiosk: kiosk.id, bookedBy: person.id },
		{
			token_hash: recognised(codes.token)?.hash,
			code_hash: recognised(codes.code)?.hash,
			ends: new Date(Date.now() + minutes * 60_000).toISOString()
		}
	);
	const { page, mustBeQuiet } = await openPage(browser, serving.origin, viewport);
	await becomeKiosk(page.context(), serving.origin, kiosk.secret);
	const live = async () => {
		const [visit] = await superuser
			.collection('visits')
			.getFullList({ filter: `appointment = "${appointment.id}" && state != "ended"` });
		return visit;
	};
	const set = async (fields: Record<string, unknown>): Promise<void> => {
		const visit = await live();
		if (!visit) throw new Error('nobody is there');
		await superuser.collection('visits').update(visit.id, fields);
	};
	return {
		page,
		mustBeQuiet,
		code: codes.code,
		recordings,
		kiosk: kiosk.id,
		appointment: appointment.id,
		visit: live,
		set,
		release: (state = 'notice') =>
			set({ state, recordings, verified_by: person.id, verified: new Date().toISOString(), document: 'passport' })
	};
}
