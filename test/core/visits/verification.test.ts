import { rename } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { written } from '#pocketbase/collection.ts';
import * as verification from '#visits/verification.ts';
import { documents, type Visit } from '#visits/visit.ts';
import * as visiting from '#visits/visiting.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { cast, logOf, minute, said, scene, type Cast, type Scene } from './scene.ts';

let house: House;
let who: Cast;
beforeAll(async () => {
	house = await openHouse();
	who = await cast(house);
});
afterAll(() => house.close());

type Arrived = Scene & { visit: Visit };

async function arrived(fields: Record<string, unknown> = {}): Promise<Arrived> {
	const made = await scene(house, who, fields);
	return { ...made, visit: await visiting.arrive(house.register, made.kiosk, made.codes.token) };
}
const release = ({ visit }: Arrived, door = who.contact) =>
	verification.release(house.register, door, visit.id, { document: 'passport' });
const rowOf = ({ visit }: Arrived) => house.superuser.collection('visits').getOne(visit.id);

describe('the arrivals', () => {
	it('are shown to the contact person of that office, with whom to look for and what can be released', async () => {
		const { visit, kiosk, appointment, request } = await arrived();
		const mine = (await verification.waiting(house.register, who.contact)).find((one) => one.visit === visit.id);
		expect(mine).toEqual({
			visit: visit.id,
			request: request.id,
			name: request['name'],
			kioskName: kiosk.name,
			officeName: who.office['name'],
			starts: new Date(appointment['starts']),
			ends: new Date(appointment['ends']),
			arrived: visit.arrived,
			state: 'waiting',
			called: false,
			recordings: 2,
			notMine: 0
		});
	});

	it('are not shown to one who serves elsewhere, nor to one who is not trained', async () => {
		const { visit } = await arrived();
		const elsewhere = await plant.person(house, ['contact_person'], { offices: [(await plant.office(house)).id] });
		expect((await verification.waiting(house.register, elsewhere)).map((one) => one.visit)).not.toContain(visit.id);
		const untrained = await plant.person(house, ['contact_person'], { offices: [who.office.id], trainedFor: null });
		await expect(verification.waiting(house.register, untrained)).rejects.toMatchObject({ reason: 'training_missing' });
	});

	it('say when a visitor calls, until the contact person is on their way', async () => {
		const { visit, kiosk } = await arrived();
		const called = async () =>
			(await verification.waiting(house.register, who.contact)).find((one) => one.visit === visit.id)?.called;
		await visiting.callStaff(house.register, kiosk);
		expect(await called()).toBe(true);
		await verification.coming(house.register, who.contact, visit.id);
		expect(await called()).toBe(false);
	});
});

describe('the release', () => {
	it("gives the request's calls to the visit, and keeps who looked at which kind of document, when", async () => {
		const here = await arrived();
		const released = await release(here);
		expect(released).toMatchObject({ state: 'notice', verifiedBy: who.contact.person.id, recordings: here.calls });
		const row = await rowOf(here);
		expect(row).toMatchObject({ document: 'passport', verified_by: who.contact.person.id });
		expect(new Date(row['verified']).getTime()).toBeGreaterThan(Date.now() - minute);
		expect((await house.superuser.collection('appointments').getOne(here.appointment.id))['state']).toBe('kept');
	});

	it('is in the log as the check and the release, before the kiosk goes on', async () => {
		const here = await arrived();
		await release(here);
		const common = {
			outcome: 'done',
			actor: who.contact.person.id,
			role: 'contact_person',
			purpose: 'subject_access',
			visit: here.visit.id,
			request: here.request.id,
			appointment: here.appointment.id,
			kiosk: here.kiosk.id,
			office: who.office.id
		};
		expect((await logOf(house, { visit: here.visit.id })).slice(1)).toMatchObject([
			{ action: 'verify_identity', ...common },
			{ action: 'release_visit', ...common, measures: { recordings: 2 } }
		]);
	});

	it('knows kinds of document and nothing else of them', async () => {
		const { fields } = await house.superuser.collections.getOne('visits');
		expect(fields.find(({ name }) => name === 'document')).toMatchObject({ type: 'select', values: [...documents] });
	});

	it('pressed twice, or by two at once, happens once', async () => {
		const here = await arrived();
		const colleague = await plant.person(house, ['contact_person'], { offices: [who.office.id] });
		const all = await Promise.allSettled([release(here), release(here, colleague), release(here)]);
		expect(all).toMatchObject([
			{ status: 'fulfilled' },
			{ status: 'rejected', reason: { kind: 'conflict', reason: 'already_released' } },
			{ status: 'rejected', reason: { kind: 'conflict', reason: 'already_released' } }
		]);
		expect((await house.superuser.collection('requests').getOne(here.request.id))['state']).toBe('heard');
		expect(said(await logOf(house, { visit: here.visit.id }))).toEqual([
			'show_code',
			'verify_identity',
			'release_visit'
		]);
		expect((await rowOf(here))['verified_by']).toBe(who.contact.person.id);
	});

	it('is refused, in the log too, to whoever may not', async () => {
		const here = await arrived();
		const at = { offices: [who.office.id] };
		const doors: [string, Cast['contact']][] = [
			['wrong_role', await plant.person(house, ['agent', 'supervisor', 'maintainer', 'auditor'], at)],
			['training_missing', await plant.person(house, ['contact_person'], { ...at, trainedFor: null })],
			['training_expired', await plant.person(house, ['contact_person'], { ...at, trainedFor: -1 })],
			['not_active', await plant.person(house, ['contact_person'], { ...at, active: false })],
			['other_office', await plant.person(house, ['contact_person'], { offices: [(await plant.office(house)).id] })]
		];
		for (const [reason, door] of doors) {
			await expect(release(here, door), reason).rejects.toMatchObject({ kind: 'refused', reason });
			expect(said(await logOf(house, { actor: door.person.id })), reason).toEqual([`release_visit: ${reason}`]);
		}
		expect(await rowOf(here)).toMatchObject({ state: 'waiting', recordings: [], verified_by: '' });
	});

	it('is refused outside the slot, of a cancelled hour, and when there is nothing left to hear', async () => {
		const early = await arrived({
			starts: written(new Date(Date.now() + 25 * minute)),
			ends: written(new Date(Date.now() + 85 * minute))
		});
		house.clock.now = new Date(Date.now() - 6 * minute);
		await expect(release(early)).rejects.toMatchObject({ kind: 'refused', reason: 'outside_slot' });
		const late = await arrived();
		house.clock.now = late.visit.ends;
		await expect(release(late)).rejects.toMatchObject({ kind: 'refused', reason: 'outside_slot' });
		house.clock.now = undefined;

		const cancelled = await arrived();
		await house.superuser.collection('appointments').update(cancelled.appointment.id, { state: 'cancelled' });
		await expect(release(cancelled)).rejects.toMatchObject({ kind: 'refused', reason: 'cancelled' });

		const empty = await arrived({ calls: 0 });
		await expect(release(empty)).rejects.toMatchObject({ kind: 'refused', reason: 'no_recordings' });
		expect(said(await logOf(house, { visit: empty.visit.id })).at(-1)).toBe('release_visit: no_recordings');
	});

	it('leaves out a call whose six months are over', async () => {
		const here = await arrived();
		const [gone, kept] = here.calls;
		const yesterday = written(new Date(Date.now() - 24 * 60 * minute));
		await house.superuser.collection('recordings').update(gone ?? '', { destroy_after: yesterday });
		expect((await release(here)).recordings).toEqual([kept]);
	});

	it('does not wake a visit that has ended meanwhile', async () => {
		for (let round = 0; round < 5; round++) {
			const here = await arrived();
			const leaving = visiting.leave(house.register, here.kiosk, 'customer');
			// Sometimes the one comes first and sometimes the other.
			if (round % 2 === 1) await visiting.current(house.register, here.kiosk);
			const [freed] = await Promise.allSettled([release(here), leaving]);
			expect((await rowOf(here))['state'], `round ${round}`).toBe('ended');
			if (freed.status === 'rejected') expect(freed.reason).toMatchObject({ kind: 'conflict', reason: 'visit_over' });
		}
	});

	it('does not happen when the log cannot be written', async () => {
		const here = await arrived();
		const folder = path.join(house.data, 'access-log');
		await rename(folder, `${folder}-gone`);
		await expect(release(here)).rejects.toMatchObject({ kind: 'unavailable' });
		await rename(`${folder}-gone`, folder);
		expect(await rowOf(here)).toMatchObject({ state: 'waiting', recordings: [], verified_by: '' });
	});
});

describe('a visitor who could not be verified', () => {
	it('goes, having heard nothing; the log says so', async () => {
		const here = await arrived();
		await verification.refuseVisitor(house.register, who.contact, here.visit.id);
		expect(await rowOf(here)).toMatchObject({
			state: 'ended',
			ended_why: 'not_verified',
			verified_by: '',
			recordings: []
		});
		const entries = await logOf(house, { visit: here.visit.id });
		expect(said(entries)).toEqual(['show_code', 'verify_identity: not_verified', 'end_visit']);
		expect(entries.at(-1)).toMatchObject({
			actor: who.contact.person.id,
			role: 'contact_person',
			reason: 'not_verified'
		});
	});

	it('is not one to whom something was released already', async () => {
		const here = await arrived();
		await release(here);
		await expect(verification.refuseVisitor(house.register, who.contact, here.visit.id)).rejects.toMatchObject({
			kind: 'conflict',
			reason: 'already_released'
		});
		expect((await rowOf(here))['state']).toBe('notice');
	});
});

describe('stopping a visit', () => {
	it('ends it, and once is enough', async () => {
		const here = await arrived();
		await release(here);
		await Promise.all([1, 2, 3].map(() => verification.stop(house.register, who.contact, here.visit.id)));
		expect(await rowOf(here)).toMatchObject({ state: 'ended', ended_why: 'contact_person' });
		expect(said(await logOf(house, { visit: here.visit.id }))).toEqual([
			'show_code',
			'verify_identity',
			'release_visit',
			'end_visit'
		]);
	});

	it('is not for one who serves elsewhere', async () => {
		const here = await arrived();
		const elsewhere = await plant.person(house, ['contact_person'], { offices: [] });
		await expect(verification.stop(house.register, elsewhere, here.visit.id)).rejects.toMatchObject({
			reason: 'other_office'
		});
		expect((await rowOf(here))['state']).toBe('waiting');
	});

	it("is final: not even the database's superuser wakes an ended visit", async () => {
		const here = await arrived();
		await verification.stop(house.register, who.contact, here.visit.id);
		await expect(house.superuser.collection('visits').update(here.visit.id, { state: 'player' })).rejects.toMatchObject(
			{
				status: 400
			}
		);
	});
});
