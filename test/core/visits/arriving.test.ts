import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { written } from '#pocketbase/collection.ts';
import * as alarm from '#visits/alarms.ts';
import { newCodes } from '#visits/code.ts';
import { kiosks } from '#visits/kiosk.ts';
import { view } from '#visits/showing.ts';
import * as verification from '#visits/verification.ts';
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

const arrive = (at: Scene['kiosk'], typed: string) => visiting.arrive(house.register, at, typed);
const notAccepted = { kind: 'refused', reason: 'code_not_accepted' };
const fromNow = (minutes: number) => written(new Date(Date.now() + minutes * minute));

describe('showing a code', () => {
	it('opens a visit that waits: with the QR code as with the code typed in small letters and blanks', async () => {
		for (const form of ['token', 'code'] as const) {
			const { kiosk, secret, codes, appointment, request } = await scene(house, who);
			const visit = await arrive(kiosk, ` ${codes[form].toLowerCase().replaceAll('-', ' ')} `);
			expect(visit).toMatchObject({
				appointment: appointment.id,
				request: request.id,
				kiosk: kiosk.id,
				state: 'waiting',
				verifiedBy: '',
				recordings: []
			});
			expect(visit.ends).toEqual(new Date(appointment['ends']));
			expect(await view(house.register, secret)).toMatchObject({ screen: 'waiting', visit: { id: visit.id } });
		}
	});

	it('is in the log, with the appointment it found', async () => {
		const { kiosk, codes, appointment, request } = await scene(house, who);
		const visit = await arrive(kiosk, codes.token);
		expect(await logOf(house, { kiosk: kiosk.id })).toMatchObject([
			{
				action: 'show_code',
				outcome: 'done',
				role: 'customer',
				purpose: 'subject_access',
				visit: visit.id,
				appointment: appointment.id,
				request: request.id,
				office: who.office.id
			}
		]);
	});

	it('again at the same kiosk finds the same visit', async () => {
		const { kiosk, codes } = await scene(house, who);
		const [first, second] = await Promise.all([arrive(kiosk, codes.token), arrive(kiosk, codes.code)]);
		expect(second.id).toBe(first.id);
		expect(said(await logOf(house, { kiosk: kiosk.id }))).toEqual(['show_code']);
	});

	it('half an hour early is early enough; a minute before that is not', async () => {
		const inTime = await scene(house, who, { starts: fromNow(30), ends: fromNow(90) });
		const early = await scene(house, who, { starts: fromNow(31), ends: fromNow(91) });
		expect((await arrive(inTime.kiosk, inTime.codes.token)).state).toBe('waiting');
		await expect(arrive(early.kiosk, early.codes.token)).rejects.toMatchObject(notAccepted);
	});

	it('that does not fit says one and the same thing for every reason, and the log says which', async () => {
		const reasons: [string, () => Promise<[Scene['kiosk'], string]>][] = [
			['wrong_code', async () => [(await scene(house, who)).kiosk, newCodes().token]],
			['wrong_code', async () => [(await scene(house, who)).kiosk, newCodes().code]],
			['wrong_code', async () => [(await scene(house, who)).kiosk, 'ä" || 1=1']],
			['too_early', () => itself({ starts: fromNow(31), ends: fromNow(91) })],
			['too_late', () => itself({ starts: fromNow(-61), ends: fromNow(-1) })],
			['cancelled', () => itself({ state: 'cancelled' })],
			['used', () => itself({ state: 'kept' })],
			['used', () => itself({ state: 'no_show' })],
			['other_kiosk', async () => [(await scene(house, who)).kiosk, (await scene(house, who)).codes.token]],
			['other_office', async () => [await kioskElsewhere(), (await scene(house, who)).codes.token]],
			['kiosk_in_use', inUse]
		];
		const told = new Set<string>();
		for (const [reason, make] of reasons) {
			const [at, typed] = await make();
			const fault: unknown = await arrive(at, typed).catch((thrown: unknown) => thrown);
			expect(fault, reason).toMatchObject(notAccepted);
			told.add(`${JSON.stringify(fault)} ${String(fault)}`);
			expect((await logOf(house, { kiosk: at.id })).at(-1), reason).toMatchObject({
				action: 'show_code',
				outcome: 'refused',
				reason,
				role: 'kiosk',
				actor: at.id
			});
		}
		expect(told.size).toBe(1);
	});

	it('that an invitation printed later has replaced opens nothing', async () => {
		const { kiosk, codes, appointment } = await scene(house, who);
		await house.superuser.collection('appointments').update(appointment.id, { token_hash: 'b'.repeat(64) });
		await expect(arrive(kiosk, codes.token)).rejects.toMatchObject(notAccepted);
	});

	it('at two kiosks at once opens the visit at the booked one only', async () => {
		const booked = await scene(house, who);
		const other = await scene(house, who);
		const both = await Promise.allSettled([
			arrive(other.kiosk, booked.codes.token),
			arrive(booked.kiosk, booked.codes.token)
		]);
		expect(both).toMatchObject([
			{ status: 'rejected', reason: notAccepted },
			{ status: 'fulfilled', value: { kiosk: booked.kiosk.id } }
		]);
	});

	it('cannot open two visits of one appointment, nor two at one kiosk, says the database too', async () => {
		const { kiosk, codes, request, appointment } = await scene(house, who);
		const other = await scene(house, who);
		await arrive(kiosk, codes.token);
		const of = { office: who.office.id, request: request.id };
		const twins = [
			{ ...of, appointment: appointment.id, kiosk: other.kiosk.id },
			{ ...of, appointment: other.appointment.id, kiosk: kiosk.id }
		];
		for (const twin of twins) {
			await expect(plant.visit(house, twin)).rejects.toMatchObject({ status: 400 });
		}
	});

	it('after a visit that nobody released comes back: the visitor was only away', async () => {
		const { kiosk, codes } = await scene(house, who);
		const first = await arrive(kiosk, codes.token);
		await visiting.leave(house.register, kiosk, 'idle');
		const second = await arrive(kiosk, codes.token);
		expect(second.id).not.toBe(first.id);
	});

	it('tells the screens of that office', async () => {
		const { kiosk, codes } = await scene(house, who);
		const told: unknown[] = [];
		const deaf = house.register.news.hear((change) => told.push(change));
		const visit = await arrive(kiosk, codes.token);
		deaf();
		expect(told).toEqual([{ kiosk: kiosk.id, office: who.office.id, visit: visit.id }]);
	});

	async function itself(fields: Record<string, unknown>): Promise<[Scene['kiosk'], string]> {
		const { kiosk, codes } = await scene(house, who, fields);
		return [kiosk, codes.token];
	}

	async function kioskElsewhere(): Promise<Scene['kiosk']> {
		const office = await plant.office(house);
		const { id } = await plant.kiosk(house, office.id, who.maintainer.person.id);
		return kiosks(house.superuser).one(id);
	}

	async function inUse(): Promise<[Scene['kiosk'], string]> {
		const { kiosk, codes } = await scene(house, who);
		await arrive(kiosk, codes.token);
		return [kiosk, newCodes().token];
	}
});

describe('guessing codes', () => {
	async function locked(): Promise<Scene> {
		const made = await scene(house, who);
		for (let tries = 0; tries < 5; tries++) {
			await expect(arrive(made.kiosk, newCodes().code)).rejects.toMatchObject(notAccepted);
		}
		return made;
	}

	it('locks the kiosk after five wrong ones: then not even the right one opens it', async () => {
		const { kiosk, codes } = await locked();
		await expect(arrive(kiosk, codes.token)).rejects.toMatchObject({ kind: 'refused', reason: 'code_locked' });
		expect(said(await logOf(house, { kiosk: kiosk.id }))).toEqual([
			...Array.from({ length: 5 }, () => 'show_code: wrong_code'),
			'show_code: code_locked'
		]);
	});

	it('counts tries that come all at once', async () => {
		const { kiosk } = await scene(house, who);
		const tries = await Promise.allSettled(Array.from({ length: 20 }, () => arrive(kiosk, newCodes().code)));
		const told = tries.map((one) => (one.status === 'rejected' ? one.reason.reason : 'in'));
		expect(told.filter((reason) => reason === 'code_not_accepted')).toHaveLength(5);
		expect(told.filter((reason) => reason === 'code_locked')).toHaveLength(15);
	});

	it('at one kiosk leaves the others open', async () => {
		await locked();
		const { kiosk, codes } = await scene(house, who);
		expect((await arrive(kiosk, codes.token)).state).toBe('waiting');
	});

	it('is forgiven by the right code before the fifth wrong one', async () => {
		const { kiosk, codes } = await scene(house, who);
		for (let tries = 0; tries < 4; tries++) await arrive(kiosk, newCodes().code).catch(() => undefined);
		await arrive(kiosk, codes.token);
		expect(await house.register.codeLimits.of(kiosk.id)).toBeUndefined();
	});

	it('is shown to the contact person of that office, with the reason that the visitor was not told', async () => {
		const office = await plant.office(house);
		const local = { ...who, office, contact: await plant.person(house, ['contact_person'], { offices: [office.id] }) };
		const { kiosk, codes } = await scene(house, local, { starts: fromNow(31), ends: fromNow(91) });
		await arrive(kiosk, codes.token).catch(() => undefined);
		expect(await alarm.alarms(house.register, local.contact)).toMatchObject([
			{
				kiosk: kiosk.id,
				kioskName: kiosk.name,
				officeName: office['name'],
				wrong: 1,
				reason: 'too_early',
				locked: false
			}
		]);
		expect((await alarm.alarms(house.register, who.contact)).map((one) => one.kiosk)).not.toContain(kiosk.id);
	});

	it('fifty times in an hour at one office is an alarm, once in the log and on the board of that office', async () => {
		const office = await plant.office(house);
		const local = { ...who, office, contact: await plant.person(house, ['contact_person'], { offices: [office.id] }) };
		const { kiosk } = await scene(house, local);
		const other = await scene(house, local);
		for (let tries = 0; tries < 49; tries++) await house.register.codeLimits.wrong(kiosk, 'wrong_code');
		expect(await alarm.officeAlarms(house.register, local.contact)).toEqual([]);
		// Unlocking one kiosk, or trying at another, is no way round it.
		await alarm.unlock(house.register, local.contact, kiosk.id);
		for (const at of [kiosk, other.kiosk, kiosk]) await arrive(at, newCodes().code).catch(() => undefined);
		expect(await alarm.officeAlarms(house.register, local.contact)).toMatchObject([
			{ office: office.id, officeName: office['name'], wrong: 52 }
		]);
		expect(await alarm.officeAlarms(house.register, who.contact)).toEqual([]);
		const lines = (await house.register.accessLog.read({ limit: 1000 })).filter(
			({ action }) => action === 'code_alarm'
		);
		expect(lines).toMatchObject([{ office: office.id, role: 'system', outcome: 'done' }]);
	});

	it('ends when a contact person of the office unlocks the kiosk, which is in the log', async () => {
		const { kiosk, codes } = await locked();
		await alarm.unlock(house.register, who.contact, kiosk.id);
		expect((await arrive(kiosk, codes.token)).state).toBe('waiting');
		expect((await logOf(house, { kiosk: kiosk.id })).at(-2)).toMatchObject({
			action: 'unlock_kiosk',
			outcome: 'done',
			actor: who.contact.person.id,
			role: 'contact_person'
		});
	});

	it('is not unlocked by anybody else', async () => {
		const { kiosk } = await locked();
		const elsewhere = await plant.person(house, ['contact_person'], { offices: [] });
		const untrained = await plant.person(house, ['contact_person'], { offices: [who.office.id], trainedFor: -1 });
		for (const [door, reason] of [
			[elsewhere, 'other_office'],
			[untrained, 'training_expired'],
			[who.agent, 'wrong_role']
		] as const) {
			await expect(alarm.unlock(house.register, door, kiosk.id)).rejects.toMatchObject({ kind: 'refused', reason });
			expect(said(await logOf(house, { actor: door.person.id }))).toEqual([`unlock_kiosk: ${reason}`]);
		}
		expect((await house.register.codeLimits.of(kiosk.id))?.locked).toBe(true);
	});
});

describe('the second wall', () => {
	const web = () => house.register.pocketbase.service.collection('visits');

	it("does not let the kiosk's side verify, release or move on a visit that nobody has verified", async () => {
		const { kiosk, codes, calls } = await scene(house, who);
		const { id } = await arrive(kiosk, codes.token);
		for (const body of [
			{ verified_by: who.contact.person.id },
			{ verified: written(new Date()) },
			{ document: 'passport' },
			{ recordings: calls },
			{ 'recordings+': calls[0] },
			{ state: 'list' },
			{ ends: fromNow(600) },
			{ verified_by: who.contact.person.id, recordings: calls, state: 'player' }
		]) {
			await expect(web().update(id, body), JSON.stringify(body)).rejects.toMatchObject({ status: 404 });
		}
	});

	it("does not let the kiosk's side open a visit that is verified already", async () => {
		const { kiosk, appointment, request, calls } = await scene(house, who);
		const row = {
			appointment: appointment.id,
			request: request.id,
			office: who.office.id,
			kiosk: kiosk.id,
			ends: fromNow(55),
			arrived: fromNow(0),
			language: 'fi'
		};
		for (const more of [
			{ state: 'list' },
			{ state: 'waiting', verified_by: who.contact.person.id },
			{ state: 'waiting', recordings: calls }
		]) {
			await expect(web().create({ ...row, ...more })).rejects.toMatchObject({ status: 400 });
		}
	});

	it('adds nothing to what was released, whoever asks', async () => {
		const { kiosk, codes, calls } = await scene(house, who);
		const extra = await plant.recording(house, who.agent.person, new Uint8Array(10));
		const { id } = await arrive(kiosk, codes.token);
		await verification.release(house.register, who.contact, id, { document: 'passport' });
		for (const client of [house.register.pocketbase.service, who.contact.as, house.superuser]) {
			await expect(client.collection('visits').update(id, { 'recordings+': extra.id })).rejects.toMatchObject({
				status: 400
			});
		}
		expect((await house.superuser.collection('visits').getOne(id))['recordings']).toEqual(calls);
	});

	it("lets the kiosk's side neither read a request nor write into it, but for taking a call off and noting a wish", async () => {
		const { request, calls } = await scene(house, who);
		const extra = await plant.recording(house, who.agent.person, new Uint8Array(10));
		const requests = house.register.pocketbase.service.collection('requests');
		await expect(requests.getOne(request.id)).rejects.toMatchObject({ status: 404 });
		for (const body of [
			{ name: 'x' },
			{ state: 'closed' },
			{ 'recordings+': extra.id },
			{ recordings: [...calls, extra.id] }
		]) {
			await expect(requests.update(request.id, body), JSON.stringify(body)).rejects.toMatchObject({ status: 404 });
		}
		await requests.update(request.id, { 'recordings-': calls[0], 'wishes+': 'copy' }, { fields: 'id' });
		expect((await house.superuser.collection('requests').getOne(request.id))['recordings']).toEqual(calls.slice(1));
	});
});
