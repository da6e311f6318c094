import { written } from '#pocketbase/collection.ts';
import * as plant from '../../support/plant.ts';
import { setClockStage } from './stage.ts';

/** A night in which the clocks change, a day before it, and hours in it: when each begins, and how a calendar has it. */
const nights = {
	'the night when the clocks go forward': {
		before: '2027-03-20T10:00:00Z',
		hours: {
			'2027-03-28T00:30:00Z': 'DTSTART;TZID=Europe/Helsinki:20270328T023000',
			'2027-03-28T01:00:00Z': 'DTSTART;TZID=Europe/Helsinki:20270328T040000'
		}
	},
	'the night when the clocks go back': {
		before: '2026-10-20T10:00:00Z',
		hours: {
			'2026-10-24T23:30:00Z': 'DTSTART:20261024T233000Z',
			'2026-10-25T00:30:00Z': 'DTSTART:20261025T003000Z',
			'2026-10-25T01:30:00Z': 'DTSTART:20261025T013000Z',
			'2026-10-25T02:00:00Z': 'DTSTART;TZID=Europe/Helsinki:20261025T040000'
		}
	}
};
export const nightNames = Object.keys(nights) as (keyof typeof nights)[];

/** Books each hour of a night over the pages; what is not so in the database and in the customer's calendar file. */
export async function book(name: keyof typeof nights): Promise<string[]> {
	const { before, hours } = nights[name];
	const stage = await setClockStage(Date.parse(before) - Date.now());
	const wrong: string[] = [];
	try {
		const { serving, rows, calls } = stage;
		const superuser = await serving.superuser();
		const cookie = await stage.signIn();
		const [office, contact] = [
			(await superuser.collection('offices').getFirstListItem('')).id,
			(await superuser.collection('staff').getFirstListItem("sign_in_name = 'contact'")).id
		];
		const kiosk = await plant.kiosk({ superuser }, office, contact);
		for (const [starts, expected] of Object.entries(hours)) {
			const due = written(new Date(Date.parse(starts) + 20 * 24 * 3600_000));
			const fields = { state: 'matched', recordings: [calls.fresh], due };
			const request = await plant.request({ superuser }, contact, fields);
			const answer = await fetch(`${serving.origin}/console/requests/${request.id}?/book`, {
				method: 'POST',
				redirect: 'manual',
				headers: { Cookie: cookie, Origin: serving.origin, 'Sec-Fetch-Site': 'same-origin', Accept: 'text/html' },
				body: new URLSearchParams({ slot: `${kiosk.id} ${Date.parse(starts)}`, office, minutes: '30' })
			});
			await answer.arrayBuffer();
			const [hour] = rows('SELECT id, starts FROM appointments WHERE request = ?', request.id);
			if (answer.status !== 303 || hour?.['starts'] !== written(new Date(starts))) {
				wrong.push(`${starts} is not booked (${answer.status}, ${String(hour?.['starts'])})`);
				continue;
			}
			const file = await fetch(`${serving.origin}/console/appointments/${String(hour['id'])}/calendar`, {
				headers: { Cookie: cookie }
			});
			const said = /BEGIN:VEVENT[^]*?^(DTSTART.*)$/m.exec(await file.text())?.[1]?.trim();
			if (said !== expected) wrong.push(`${starts} stands in the calendar as ${said}`);
		}
	} finally {
		await stage.remove();
	}
	return wrong;
}
