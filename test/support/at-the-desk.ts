import { written } from '#pocketbase/collection.ts';
import { alikeFields } from '#requests/alike.ts';
import { due } from '#requests/deadline.ts';
import { people } from '#staff/person.ts';
import { dayOf } from '#visits/slots.ts';
import { takeInCalls } from './at-the-kiosk.ts';
import * as plant from './plant.ts';
import type { Serving } from './serving.ts';

const day = 24 * 3600_000;

/** The requests of a busy desk, by what is the matter with each. */
export interface AtTheDesk {
	/** With two calls bound, and an hour tomorrow. */
	booked: string;
	appointment: string;
	/** Two calls bound, no hour. */
	matched: string;
	/** Received, with the day of a call that can be found. */
	remembered: string;
	/** Just received, with a likely duplicate, vague. */
	vague: string;
	/** Extended, wishes open. */
	extended: string;
	nothingFound: string;
	destroyed: string;
	refused: string;
	/** An hour today whose kiosk was taken out of use. */
	stuck: string;
	/** An office with hours and a lunch, and one that never closes, where the hours are. */
	office: string;
	always: string;
	/** The day of the hours (YYYY-MM-DD). */
	day: string;
}

/** Plants a busy desk into a furnished register: real calls, and requests of every kind. */
export async function aBusyDesk(serving: Serving): Promise<AtTheDesk> {
	const calls = await takeInCalls(serving);
	const superuser = await serving.superuser();
	const house = { superuser };
	const [contact] = await people(superuser).list({ filter: "sign_in_name = 'contact'" });
	const [always] = await superuser.collection('offices').getFullList();
	if (!contact || !always) throw new Error('the register is not furnished');
	const weekday = [
		['09:00', '11:30'],
		['12:15', '17:00']
	];
	const office = await plant.office(house, {
		name: 'Helsingin pääpostin palvelupiste',
		address: 'Esimerkinkatu 12 B, 00100 Helsinki',
		slot_minutes: 30,
		opening_hours: {
			...Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((name) => [name, weekday])),
			sat: [['10:00', '15:00']],
			sun: []
		}
	});
	await superuser.collection('staff').update(contact.id, { offices: [always.id, office.id] });
	const kiosk = await plant.kiosk(house, always.id, contact.id);
	const gone = await plant.kiosk(house, always.id, contact.id);
	await plant.kiosk(house, office.id, contact.id);

	const ago = (days: number): Date => new Date(Date.now() - days * day);
	const ask = async (days: number, fields: Record<string, unknown>): Promise<string> => {
		const received = ago(days);
		const { name = 'Testi Asiakas', reach = '' } = fields as { name?: string; reach?: string };
		const { id } = await plant.request(house, contact.id, {
			received: written(received),
			due: written(due(received)),
			wants: ['listen'],
			...alikeFields({ name, reach }),
			...fields
		});
		return id;
	};
	const callDay = ago(2).toISOString().slice(0, 10);
	const booked = await ask(4, {
		name: 'Helmi Esimerkki',
		reach: 'helmi.esimerkki@posti.example',
		state: 'booked',
		recordings: calls,
		call_day: callDay,
		needs: ['hearing_loop', 'companion'],
		remembers: 'Paketti katosi marraskuussa.\nPuhuin miehen kanssa, joka lupasi selvittää asian.'
	});
	const hour = 3600_000;
	const tomorrow = Math.ceil((Date.now() + 20 * hour) / hour) * hour;
	const appointment = await plant.appointment(
		house,
		{ request: booked, office: always.id, kiosk: kiosk.id, bookedBy: contact.id },
		{ person: contact.id, starts: new Date(tomorrow).toISOString(), ends: new Date(tomorrow + hour).toISOString() }
	);
	const stuck = await ask(10, {
		name: 'Karl-Gustav Lindström-Ahlqvist',
		language: 'sv',
		state: 'booked',
		recordings: calls
	});
	const later = tomorrow + 3 * hour;
	await plant.appointment(
		house,
		{ request: stuck, office: always.id, kiosk: gone.id, bookedBy: contact.id },
		{
			person: contact.id,
			language: 'sv',
			starts: new Date(later).toISOString(),
			ends: new Date(later + hour / 2).toISOString(),
			token_hash: 'a'.repeat(64),
			code_hash: 'b'.repeat(64)
		}
	);
	await superuser.collection('kiosks').update(gone.id, { revoked: written(new Date()) });
	const matched = await ask(6, {
		name: 'Ilmari Löytynyt',
		reach: '049 123 4567',
		state: 'matched',
		recordings: calls.slice(0, 1),
		wants: ['listen', 'copy'],
		wishes: ['copy'],
		acting_name: 'Maija Huoltaja',
		acting_basis: 'custody'
	});
	const vague = await ask(1, {
		name: 'Väre, Leila',
		reach: 'leila@posti.example',
		remembers: 'Soitin joskus syksyllä muuttoilmoituksesta.',
		channel: 'letter',
		language: 'sv'
	});
	await ask(3, { name: 'Leila Väre', reach: 'LEILA@posti.example', channel: 'phone', remembers: 'Muuttoilmoitus.' });
	const remembered = await ask(2, { name: 'Muistava Maija', call_day: callDay });
	await ask(33, { name: 'Myöhäinen Matti', reach: '049 111 2233', call_day: callDay });
	await ask(25, { name: 'Kiireinen Kerttu', state: 'matched', recordings: calls.slice(1) });
	const extended = await ask(12, {
		name: 'Dorothy Longname-Featherstonehaugh',
		language: 'en',
		wishes: ['correction', 'talk'],
		state: 'heard',
		recordings: calls.slice(0, 1),
		extended: written(ago(2)),
		extension_months: 2,
		extension_ground: 'complex',
		extension_note: 'Useita puheluita usean kuukauden ajalta.'
	});
	const end = (closedAs: string, fields: Record<string, unknown> = {}) => ({
		state: 'closed',
		closed_as: closedAs,
		closed: written(ago(0.1)),
		...fields
	});
	const nothingFound = await ask(9, { name: 'Eino Etsivä', ...end('nothing_found') });
	const refused = await ask(9, {
		name: 'Toisto Toistuva',
		...end('refused', { refused_ground: 'excessive', refused_note: 'Olet pyytänyt samaa kolme kertaa tässä kuussa.' })
	});
	const record = 'rdestroyed00001';
	await plant.destruction(house, record, '2026-05-04', ago(20));
	const destroyed = await ask(9, {
		name: 'Vanha Puhelu',
		...end('destroyed_before_receipt', { destruction: record, call_day: '2026-05-04' })
	});
	return {
		...{
			booked,
			appointment: appointment.id,
			matched,
			remembered,
			vague,
			extended,
			nothingFound,
			destroyed,
			refused,
			stuck
		},
		office: office.id,
		always: always.id,
		day: dayOf(new Date(tomorrow)).toString()
	};
}
