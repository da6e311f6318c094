import { randomBytes, createHash } from 'node:crypto';
import type { RecordModel } from 'pocketbase';
import { written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { seal } from '#sealing/seal.ts';
import { people, type Person, type Role } from '#staff/person.ts';
import type { House } from './house.ts';

// Rows put straight into the database, as a superuser may: how a test says what is already so.

/** What is planted in: all that most of it needs is the superuser. */
type Planted = Pick<House, 'superuser'>;

const day = 24 * 3600_000;
export const password = 'a password of the tests';
let count = 0;

export async function office(house: Planted, fields: Record<string, unknown> = {}): Promise<RecordModel> {
	const always = Object.fromEntries(
		['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((name) => [name, [['00:00', '24:00']]])
	);
	return house.superuser.collection('offices').create({
		name: `Office ${++count}`,
		address: 'Mallikatu 1, 00000 Mallila',
		opening_hours: always,
		exceptions: {},
		slot_minutes: 60,
		...fields
	});
}

export async function team(house: Planted, name = `Team ${++count}`): Promise<RecordModel> {
	return house.superuser.collection('teams').create({ name });
}

interface PersonFields {
	signInName?: string;
	name?: string;
	active?: boolean;
	team?: string;
	supervises?: string[];
	offices?: string[];
	/** In days from now; negative for expired, null for never trained. */
	trainedFor?: number | null;
}

/** A person with both courses in date unless told otherwise, and the database as they see it. */
export async function person(
	house: House,
	roles: Role[],
	{ trainedFor = 100, ...fields }: PersonFields = {}
): Promise<{ person: Person; as: Client; token: string; signInName: string }> {
	const signInName = fields.signInName ?? `person${++count}`;
	const row = await house.superuser.collection('staff').create({
		sign_in_name: signInName,
		name: fields.name ?? `Person ${count}`,
		active: true,
		roles,
		team: fields.team ?? '',
		supervises: fields.supervises ?? [],
		offices: fields.offices ?? [],
		password,
		passwordConfirm: password
	});
	if (trainedFor !== null) await train(house, row.id, trainedFor);
	const { token } = await house.register.pocketbase.signIn(signInName, password);
	if (fields.active === false) await house.superuser.collection('staff').update(row.id, { active: false });
	return { person: await read(house, row.id), as: house.register.pocketbase.as(token), token, signInName };
}

/** Records both courses, valid for so many days from now. */
export async function train(house: House, personId: string, days: number): Promise<void> {
	for (const course of ['system_use', 'confidentiality']) {
		await house.superuser.collection('trainings').create({
			person: personId,
			course,
			completed: written(new Date(Date.now() - 400 * day)),
			valid_until: written(new Date(Date.now() + days * day))
		});
	}
}

/** A person as the database knows them now. */
export async function read(house: House, personId: string): Promise<Person> {
	return people(house.superuser).one(personId);
}

/** A paired kiosk and its device's secret (the cookie's value). */
export async function kiosk(
	house: Planted,
	officeId: string,
	pairedBy: string
): Promise<RecordModel & { secret: string }> {
	const secret = randomBytes(32).toString('base64url');
	const row = await house.superuser.collection('kiosks').create({
		name: `Kiosk ${++count}`,
		office: officeId,
		device_hash: createHash('sha256').update(secret).digest('hex'),
		paired_by: pairedBy,
		mm_per_css_px: 0.2646
	});
	return { ...row, secret };
}

/** A recording of `plain` (WAV bytes, say), really sealed to its day's key. */
export async function recording(
	house: House,
	employee: Person,
	plain: Uint8Array,
	fields: Record<string, unknown> = {}
): Promise<RecordModel> {
	const answered = new Date(Date.now() - 10 * day);
	const keyDay = answered.toISOString().slice(0, 10);
	const sealed = await seal(plain, await house.register.keyring.recipientFor(keyDay));
	const bytes = new Uint8Array(sealed);
	const form = new FormData();
	const values = {
		answered: written(answered),
		disconnected: written(new Date(answered.getTime() + 60_000)),
		duration_ms: 60_000,
		direction: 'received',
		line: 'customer_service',
		service_number: '+358200700',
		customer_number_masked: '+3585012345***',
		employee: employee.id,
		employee_name: employee.name,
		team: employee.team,
		audio_type: 'audio/wav',
		audio_bytes: plain.length,
		audio_sha256: createHash('sha256').update(plain).digest('hex'),
		key_day: keyDay,
		peaks: JSON.stringify([[0, 50, 100]]),
		channels: 1,
		destroy_after: written(new Date(Date.now() + 100 * day)),
		source_key: randomBytes(32).toString('hex'),
		...fields
	};
	for (const [name, value] of Object.entries(values)) form.set(name, String(value));
	form.set('audio', new Blob([bytes]), 'sealed.age');
	return house.superuser.collection('recordings').create(form);
}

export async function request(
	house: Planted,
	takenBy: string,
	fields: Record<string, unknown> = {}
): Promise<RecordModel> {
	return house.superuser.collection('requests').create({
		received: written(new Date()),
		channel: 'phone',
		language: 'fi',
		name: 'Testi Asiakas',
		reach: 'testi@esimerkki.example',
		remembers: 'Paketti, viime viikolla',
		state: 'received',
		due: written(new Date(Date.now() + 30 * day)),
		taken_by: takenBy,
		...fields
	});
}

/** An appointment whose hour is now, unless told otherwise. */
export async function appointment(
	house: Planted,
	of: { request: string; office: string; kiosk: string; bookedBy: string },
	fields: Record<string, unknown> = {}
): Promise<RecordModel> {
	const { bookedBy, ...relations } = of;
	return house.superuser.collection('appointments').create({
		...relations,
		booked_by: bookedBy,
		starts: written(new Date(Date.now() - 5 * 60_000)),
		ends: written(new Date(Date.now() + 55 * 60_000)),
		language: 'fi',
		state: 'booked',
		sequence: 0,
		...fields
	});
}

/** A visit in any state, straight away. */
export async function visit(
	house: Planted,
	of: { appointment: string; request: string; office: string; kiosk: string },
	fields: Record<string, unknown> = {}
): Promise<RecordModel> {
	return house.superuser.collection('visits').create({
		...of,
		ends: written(new Date(Date.now() + 55 * 60_000)),
		arrived: written(new Date()),
		language: 'fi',
		state: 'waiting',
		...fields
	});
}

/** What a media element at a kiosk asks with. */
export interface MediaHeaders extends Record<string, string> {
	Cookie: string;
	'Sec-Fetch-Dest': string;
	'Sec-Fetch-Site': string;
}

/**
 * Somebody whom a person has verified, at a kiosk of their own and before the player, who may hear these calls now; and
 * what a media element of theirs asks with.
 */
export async function hearer(
	house: Planted,
	{ office, contact, calls }: { office: string; contact: string; calls: string[] },
	fields: Record<string, unknown> = {}
): Promise<{ kiosk: Awaited<ReturnType<typeof kiosk>>; visit: string; headers: MediaHeaders }> {
	const stands = await kiosk(house, office, contact);
	const { id: asked } = await request(house, contact, { state: 'booked', recordings: calls });
	const place = { request: asked, office, kiosk: stands.id };
	const booked = await appointment(house, { ...place, bookedBy: contact }, { state: 'kept' });
	const verified = { verified_by: contact, verified: written(new Date()), document: 'passport' };
	const of = { ...place, appointment: booked.id };
	const { id } = await visit(house, of, { state: 'player', recordings: calls, ...verified, ...fields });
	const headers = {
		Cookie: `__Host-kiosk=${stands.secret}`,
		'Sec-Fetch-Dest': 'audio',
		'Sec-Fetch-Site': 'same-origin'
	};
	return { kiosk: stands, visit: id, headers };
}

/** The proof that a call of a day (YYYY-MM-DD) was destroyed at an instant. */
export async function destruction(house: Planted, id: string, callDay: string, destroyed: Date): Promise<RecordModel> {
	return house.superuser.collection('destructions').create({
		id,
		call_day: callDay,
		rule: 'six_months_from_end',
		rule_version: 1,
		due: written(destroyed),
		begun: written(destroyed),
		destroyed: written(destroyed),
		late_seconds: 0
	});
}
