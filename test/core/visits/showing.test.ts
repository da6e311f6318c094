import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { written } from '#pocketbase/collection.ts';
import { view, type KioskView } from '#visits/showing.ts';
import * as verification from '#visits/verification.ts';
import * as visiting from '#visits/visiting.ts';
import type { VisitorEvent } from '#visits/visit.ts';
import { openHouse, type House } from '../../support/house.ts';
import { cast, logOf, said, scene, type Cast, type Scene } from './scene.ts';

let house: House;
let who: Cast;
beforeAll(async () => {
	house = await openHouse();
	who = await cast(house);
});
afterAll(() => house.close());

const show = ({ secret }: Scene) => view(house.register, secret);

async function released(...steps: VisitorEvent[]): Promise<Scene & { visit: string }> {
	const made = await scene(house, who);
	const { id } = await visiting.arrive(house.register, made.kiosk, made.codes.token);
	await verification.release(house.register, who.contact, id, { document: 'identity_card' });
	for (const event of steps) {
		await visiting.step(house.register, made.kiosk, event, { recording: made.calls[0] });
	}
	return { ...made, visit: id };
}
const toList = ['notice_read', 'headset_ok'] as const;
const viewed = async (visit: string) =>
	(await logOf(house, { visit })).filter(({ action }) => action === 'view_recording');

describe('what a kiosk shows', () => {
	it('is nothing to a device that nobody knows', async () => {
		expect(await view(house.register, undefined)).toEqual({ screen: 'unpaired' });
		expect(await view(house.register, 'guessed')).toEqual({ screen: 'unpaired' });
	});

	it('is its name and its office while nobody is there', async () => {
		const made = await scene(house, who);
		expect(await show(made)).toEqual({
			screen: 'attract',
			kiosk: made.kiosk.name,
			office: who.office['name'],
			mmPerCssPx: 0.2646
		});
	});

	it('says nothing of any call before the release, the notice and the headset check', async () => {
		const made = await scene(house, who);
		const { id } = await visiting.arrive(house.register, made.kiosk, made.codes.token);
		const screens: KioskView[] = [await show(made)];
		await verification.release(house.register, who.contact, id, { document: 'passport' });
		screens.push(await show(made));
		await visiting.step(house.register, made.kiosk, 'notice_read');
		screens.push(await show(made));
		expect(screens.map(({ screen }) => screen)).toEqual(['waiting', 'notice', 'headset']);
		for (const call of made.calls) expect(JSON.stringify(screens)).not.toContain(call);
		expect(await viewed(id)).toEqual([]);
	});

	it("of a call is what § 5 holds, without the employee's name and the customer's number", async () => {
		const at = await released(...toList);
		const shown = await show(at);
		if (shown.screen !== 'list') throw new Error(shown.screen);
		const [first = ''] = at.calls;
		const row = await house.superuser.collection('recordings').getOne(first);
		expect(shown.recordings.find(({ id }) => id === first)).toEqual({
			id: first,
			answered: new Date(row['answered']).toISOString(),
			durationMs: 60_000,
			direction: 'received',
			line: 'customer_service',
			serviceNumber: '+358200700'
		});
		expect(JSON.stringify(shown)).not.toContain(row['employee_name']);
		expect(JSON.stringify(shown)).not.toContain(row['customer_number_masked']);
	});

	it('is written in the log before it is given, once a call and visit, however many screens ask', async () => {
		const at = await released(...toList);
		await Promise.all([show(at), show(at), show(at)]);
		await visiting.step(house.register, at.kiosk, 'choose', { recording: at.calls[0] });
		await show(at);
		const entries = await viewed(at.visit);
		expect(entries.map(({ recording }) => recording).sort()).toEqual([...at.calls].sort());
		for (const entry of entries) {
			expect(entry).toMatchObject({
				role: 'customer',
				purpose: 'subject_access',
				outcome: 'done',
				request: at.request.id
			});
		}
	});

	it('in the player is the call with its waveform, at the second where it was', async () => {
		const at = await released(...toList, 'choose');
		const [first = ''] = at.calls;
		await visiting.moved(house.register, at.kiosk, first, { positionMs: 12_000, heardSeconds: 0 });
		expect(await show(at)).toMatchObject({
			screen: 'player',
			recording: { id: first, peaks: [[0, 50, 100]], channels: 1 },
			positionMs: 12_000,
			visit: { id: at.visit, language: 'fi', called: false }
		});
	});

	it('leaves out a call whose six months end during the visit, and the visitor can hear the others', async () => {
		const at = await released(...toList, 'choose');
		const [first = '', second = ''] = at.calls;
		await house.superuser.collection('recordings').update(first, { destroy_after: written(new Date()) });
		expect(await show(at)).toMatchObject({ screen: 'list', recordings: [{ id: second }] });
		await visiting.step(house.register, at.kiosk, 'choose', { recording: second });
		expect(await show(at)).toMatchObject({ screen: 'player', recording: { id: second } });
		expect((await viewed(at.visit)).map(({ recording }) => recording)).toEqual([second]);
	});

	it('leaves out a call that was destroyed during the visit', async () => {
		const at = await released(...toList);
		await house.superuser.collection('recordings').delete(at.calls[0] ?? '');
		expect(await show(at)).toMatchObject({ screen: 'list', recordings: [{ id: at.calls[1] }] });
	});

	it('when leaving is what the visitor wished for', async () => {
		const at = await released(...toList, 'leave');
		await visiting.wish(house.register, at.kiosk, 'correction');
		expect(await show(at)).toMatchObject({ screen: 'leaving', wishes: ['correction'], calls: 2 });
	});

	it('is the attract screen again when the visit has ended, and nothing of it', async () => {
		const at = await released(...toList, 'choose');
		await show(at);
		await visiting.leave(house.register, at.kiosk, 'customer');
		const shown = await show(at);
		expect(shown).toMatchObject({ screen: 'attract' });
		for (const id of [at.visit, ...at.calls]) expect(JSON.stringify(shown)).not.toContain(id);
		expect(said(await logOf(house, { visit: at.visit })).at(-1)).toBe('end_visit');
	});

	it("can hold the employee's name, when the controller has so decided", async () => {
		const at = await released(...toList);
		const register = { ...house.register, settings: { ...house.register.settings, employeeNameAtKiosk: true } };
		expect(await view(register, at.secret)).toMatchObject({
			recordings: [{ employeeName: who.agent.person.name }, { employeeName: who.agent.person.name }]
		});
	});
});
