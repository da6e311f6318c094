import type { RecordModel } from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayFind } from '#listening/calls.ts';
import { grant } from '#listening/grant.ts';
import type { KioskListener } from '#listening/listener.ts';
import { newClient, type Client } from '#pocketbase/pocketbase.ts';
import { written } from '#pocketbase/collection.ts';
import { read as readRecording } from '#recordings/recording.ts';
import { refusal } from '#staff/duty.ts';
import { serveHouse, type Served } from '../support/pages.ts';
import * as plant from '../support/plant.ts';
import { calls, everybody, isAmong, places, trainings, whose, type Whose } from '../support/matrix.ts';

// The authorisation matrix of the design, walked cell by cell against three walls: the pure function, the built server's
// answer, and PocketBase asked directly with that person's token. Who may is written a fourth time, in words.

let served: Served;
let team: RecordModel;
let shared: Record<Exclude<Whose, 'own'>, RecordModel>;
let asked = { contact: '', request: '' };
let cells = 0;

beforeAll(async () => {
	served = await serveHouse();
	const { house } = served;
	team = await plant.team(house);
	const elsewhere = await plant.team(house);
	const [subordinate, stranger, leaver] = await Promise.all([
		plant.person(house, ['agent'], { team: team.id }),
		plant.person(house, ['agent'], { team: elsewhere.id }),
		plant.person(house, ['agent'], { team: team.id })
	]);
	const [ofTeam, ofOther, ofFormer] = await Promise.all(
		[subordinate, stranger, leaver].map(({ person }) =>
			plant.recording(house, person, Buffer.from(`call ${person.id}`))
		)
	);
	if (!ofTeam || !ofOther || !ofFormer) throw new Error('nothing was planted');
	shared = { team: ofTeam, other: ofOther, former: ofFormer };
	// The one who was in the team yesterday.
	await house.superuser.collection('staff').update(leaver.person.id, { team: elsewhere.id });
	const contact = await plant.person(house, ['contact_person']);
	asked = { contact: contact.person.id, request: (await plant.request(house, contact.person.id)).id };
});
afterAll(async () => {
	process.stdout.write(`   ${cells} cells of the matrix agree\n`);
	await served.close();
});

/** Whether a recording can be read as a client of PocketBase. */
const inDatabase = (as: Client, id: string): Promise<boolean> =>
	as
		.collection('recordings')
		.getOne(id)
		.then(
			() => true,
			() => false
		);
const refusals = async (): Promise<number> =>
	(await served.house.register.accessLog.read({ limit: 1, where: { outcome: 'refused' } }))[0]?.sequence ?? 0;

describe.each(everybody)('$role, training $training, active $active', (someone) => {
	test('the function, the server and the database agree on every call and every page', async () => {
		const { house, ask } = served;
		const { register } = house;
		const { role, training, active } = someone;
		const who = await plant.person(house, [role], {
			supervises: [team.id],
			trainedFor: trainings[training],
			active
		});
		const { person } = who;
		const own = await plant.recording(house, person, Buffer.from(`call ${person.id}`));
		const cookie = served.session(who);
		const now = register.now();
		const works = active && training === 'valid';

		for (const one of whose) {
			const recording = await readRecording(house.superuser, { ...shared, own }[one].id);
			const may = works && calls[role].includes(one);
			const cell = (action: string) => `${action}: ${role}, ${training}, active ${active}, ${one}`;

			const listener = { kind: 'staff', person, token: who.token } as const;
			const granted = grant({ listener, recording, purpose: 'verify_call', now });
			expect(granted.granted, cell('hear, function')).toBe(may);

			let before = await refusals();
			const page = await ask(`/console/recordings/${recording.id}`, cookie);
			expect(page.status === 200, cell('see, server')).toBe(may);
			expect(page.text.includes('+3585012345'), cell('see, what it shows')).toBe(may);
			// Whoever is not active is sent to sign in, like anybody who has not.
			if (!may && active) expect(await refusals(), cell('see, log')).toBeGreaterThan(before);
			if (!active) expect(page.status).toBe(303);
			cells++;

			before = await refusals();
			register.listenings.state(person.id, recording.id, 'verify_call');
			const sound = await ask(`/audio/${recording.id}`, cookie);
			expect(sound.status, cell('hear, server')).toBe(may ? 200 : 404);
			expect(sound.text, cell('hear, what sounds')).toBe(may ? `call ${recording.employee}` : '');
			if (!may) expect(await refusals(), cell('hear, log')).toBeGreaterThan(before);
			await register.listenings.end(register, { person: person.id }, 'left_player');
			cells++;

			// A trained contact person reads what belongs to a request; the database cannot know which does.
			const wall = works && (role === 'contact_person' || may);
			expect(await inDatabase(who.as, recording.id), cell('read, database')).toBe(wall);
			cells++;
		}

		const found = ['own', 'team'] as const;
		for (const one of found) {
			const may = works && calls[role].includes(one);
			expect(mayFind(who, now).includes(one) && active, `find ${one}: function`).toBe(may);
			const list = await ask(`/console/recordings?whose=${one}&from=2020-01-01&to=2099-12-31`, cookie);
			expect(list.status === 200, `find ${one}: server`).toBe(may);
			if (may) {
				const ids = (['own', 'team', 'other', 'former'] as const).filter((which) =>
					list.text.includes(`/console/recordings/${{ ...shared, own }[which].id}`)
				);
				expect(ids).toEqual([one]);
			}
			cells++;
		}

		for (const { address, duties, who: those, inDatabase: collection } of places) {
			const may = isAmong(someone, those);
			const reasons = duties.map((duty) => refusal(person, duty, now));
			expect(reasons.includes(undefined), `${address}: function`).toBe(may);
			const before = await refusals();
			expect((await ask(address, cookie)).status, `${address}: server`).toBe(may ? 200 : active ? 403 : 303);
			if (!may && active) expect(await refusals(), `${address}: log`).toBeGreaterThan(before);
			if (collection) {
				const { items } = await who.as.collection(collection).getList(1, 1);
				expect(items.length > 0, `${address}: database`).toBe(may);
			}
			cells++;
		}
	});
});

// The customer's row: the kiosk, the hour, the office and what was released.
const kiosks = ['paired', 'revoked', 'another of the office', 'of another office'] as const;
const hours = ['in the slot', 'after the slot'] as const;
const releases = ['released', 'not released', 'not verified'] as const;

describe.each(
	kiosks.flatMap((kiosk) => hours.flatMap((hour) => releases.map((release) => ({ kiosk, hour, release }))))
)('a kiosk, $kiosk, $hour, $release', ({ kiosk, hour, release }) => {
	test('the function and the server agree, and the database knows no kiosk', async () => {
		const { house, ask } = served;
		const office = await plant.office(house);
		const booked = await plant.kiosk(house, office.id, asked.contact);
		const other = await plant.kiosk(
			house,
			kiosk === 'of another office' ? (await plant.office(house)).id : office.id,
			asked.contact
		);
		const there = kiosk === 'paired' || kiosk === 'revoked' ? booked : other;
		const ends = new Date(Date.now() + (hour === 'in the slot' ? 60_000 : -1000));
		const place = { request: asked.request, office: office.id, kiosk: booked.id };
		const appointment = await plant.appointment(house, { ...place, bookedBy: asked.contact });
		const verified = release !== 'not verified';
		const recordings = release === 'not released' ? [] : [shared.other.id];
		const visit = await plant.visit(
			house,
			{ ...place, appointment: appointment.id },
			{
				state: 'player',
				ends: written(ends),
				recordings,
				...(verified ? { verified_by: asked.contact, verified: written(new Date()), document: 'passport' } : {})
			}
		);
		if (kiosk === 'revoked') {
			await house.superuser.collection('kiosks').update(booked.id, { revoked: written(new Date()) });
		}
		const may = kiosk === 'paired' && hour === 'in the slot' && release === 'released';
		const listener: KioskListener = {
			kind: 'kiosk',
			kiosk: { id: there.id, office: there['office'], revoked: kiosk === 'revoked' ? new Date() : undefined },
			visit: {
				id: visit.id,
				request: asked.request,
				appointment: appointment.id,
				kiosk: booked.id,
				state: 'player',
				ends,
				verifiedBy: verified ? asked.contact : '',
				recordings
			}
		};
		const recording = await readRecording(house.superuser, shared.other.id);
		expect(grant({ listener, recording, now: house.register.now() }).granted).toBe(may);
		const before = await refusals();
		const sound = await ask(`/audio/${recording.id}`, `__Host-kiosk=${there.secret}`);
		expect(sound.status).toBe(may ? 200 : 404);
		expect(sound.text).toBe(may ? `call ${recording.employee}` : '');
		if (!may) expect(await refusals()).toBeGreaterThan(before);
		expect(await inDatabase(newClient(house.url), recording.id)).toBe(false);
		await house.register.listenings.end(house.register, {}, 'left_player');
		cells++;
	});
});
