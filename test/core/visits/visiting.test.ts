import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as verification from '#visits/verification.ts';
import { visits, type Visit, type VisitorEvent } from '#visits/visit.ts';
import * as visiting from '#visits/visiting.ts';
import { openHouse, type House } from '../../support/house.ts';
import { cast, logOf, minute, said, scene, type Cast, type Scene } from './scene.ts';

let house: House;
let who: Cast;
beforeAll(async () => {
	house = await openHouse();
	who = await cast(house);
});
afterAll(() => house.close());

type Released = Scene & { visit: Visit; first: string; second: string };

/** A visit that a contact person has released, walked on by these steps. */
async function released(...steps: VisitorEvent[]): Promise<Released> {
	const made = await scene(house, who);
	const [first = '', second = ''] = made.calls;
	const { id } = await visiting.arrive(house.register, made.kiosk, made.codes.token);
	let visit = await verification.release(house.register, who.contact, id, { document: 'identity_card' });
	for (const event of steps) visit = await visiting.step(house.register, made.kiosk, event, { recording: first });
	return { ...made, visit, first, second };
}
const toList = ['notice_read', 'headset_ok'] as const;
const toPlayer = [...toList, 'choose'] as const;
const step = (at: Scene, event: VisitorEvent, recording?: string) =>
	visiting.step(house.register, at.kiosk, event, { recording });
const now = (at: Released) => visits(house.superuser).one(at.visit.id);
const requestOf = (at: Scene) => house.superuser.collection('requests').getOne(at.request.id);
const listen = (at: Released, visit: Visit, recording = at.first) =>
	house.register.listenings.open(house.register, { kind: 'kiosk', kiosk: at.kiosk, visit }, recording);
/** Listens to the first call and says whether it still sounds. */
async function sounding(at: Released): Promise<() => boolean> {
	let on = true;
	(await listen(at, await now(at))).onEnd(() => (on = false));
	return () => on;
}

describe('the steps', () => {
	it('lead from the notice over the headset check and the list to the player', async () => {
		const at = await released();
		expect(at.visit.state).toBe('notice');
		expect((await step(at, 'notice_read')).state).toBe('headset');
		expect((await step(at, 'headset_ok')).state).toBe('list');
		expect(await step(at, 'choose', at.second)).toMatchObject({ state: 'player', playing: at.second, positionMs: 0 });
		expect(await step(at, 'back')).toMatchObject({ state: 'list', playing: '' });
		expect((await step(at, 'leave')).state).toBe('leaving');
	});

	it('that are not in the table are not taken', async () => {
		const at = await released();
		for (const event of ['headset_ok', 'choose', 'back', 'leave'] as const) {
			await expect(step(at, event, at.first), event).rejects.toMatchObject({
				kind: 'conflict',
				reason: 'no_such_step'
			});
		}
		expect((await now(at)).state).toBe('notice');
	});

	it('never release: a browser that asks for it gets nothing', async () => {
		const { kiosk, codes } = await scene(house, who);
		const visit = await visiting.arrive(house.register, kiosk, codes.token);
		for (const event of ['release', 'end', 'not_mine', 'toString', '__proto__']) {
			// What a browser may send in spite of the types.
			const asked = visiting.step(house.register, kiosk, event as VisitorEvent);
			await expect(asked, event).rejects.toMatchObject({ kind: 'conflict', reason: 'no_such_step' });
		}
		expect((await visits(house.superuser).one(visit.id)).state).toBe('waiting');
	});

	it('open only what was released to this visit', async () => {
		const at = await released(...toList);
		const foreign = (await scene(house, who)).calls[0];
		for (const recording of [foreign, undefined, 'nothing00000000']) {
			await expect(step(at, 'choose', recording)).rejects.toMatchObject({ kind: 'missing', reason: 'not_released' });
		}
	});

	it('out of the player stop its sound', async () => {
		for (const event of ['back', 'leave', 'choose'] as const) {
			const at = await released(...toPlayer);
			const sounds = await sounding(at);
			await step(at, event, at.second);
			expect(sounds(), event).toBe(false);
		}
	});

	it('are not there without a visit', async () => {
		const { kiosk } = await scene(house, who);
		const gone = { kind: 'too_late', reason: 'visit_over' };
		await expect(visiting.step(house.register, kiosk, 'notice_read')).rejects.toMatchObject(gone);
		await expect(visiting.callStaff(house.register, kiosk)).rejects.toMatchObject(gone);
		await expect(visiting.wish(house.register, kiosk, 'copy')).rejects.toMatchObject(gone);
	});

	it('do not wake a visit that ends at the same moment', async () => {
		for (let round = 0; round < 5; round++) {
			const at = await released(...toList);
			await Promise.allSettled([
				step(at, 'choose', at.first),
				verification.stop(house.register, who.contact, at.visit.id),
				step(at, 'leave'),
				visiting.callStaff(house.register, at.kiosk)
			]);
			expect((await now(at)).state, `round ${round}`).toBe('ended');
		}
	});
});

describe('the place in the call', () => {
	it('is kept, so that a reloaded kiosk comes back to the same second', async () => {
		const at = await released(...toPlayer);
		await listen(at, await now(at));
		await visiting.moved(house.register, at.kiosk, at.first, { positionMs: 61_234.5, heardSeconds: 1 });
		expect(await now(at)).toMatchObject({ state: 'player', playing: at.first, positionMs: 61_235 });
	});

	it('is the last one told, also when that has overtaken one before it; a page loaded anew begins to count anew', async () => {
		const { kiosk, first } = await released(...toPlayer);
		const tell = (positionMs: number, page: string, number: number) =>
			visiting.moved(house.register, kiosk, first, { positionMs, heardSeconds: 0, report: { page, number } });
		const place = async () => (await visiting.current(house.register, kiosk))?.positionMs;
		await tell(1000, 'first', 1);
		await tell(50_000, 'first', 3);
		await tell(60_000, 'first', 2);
		expect(await place()).toBe(50_000);
		await tell(10_000, 'second', 1);
		expect(await place()).toBe(10_000);
	});

	it('is told to the listening, and how much was heard stands in the log', async () => {
		const start = new Date();
		house.clock.now = start;
		const at = await released(...toPlayer);
		await listen(at, await now(at));
		house.clock.now = new Date(start.getTime() + 31_000);
		await visiting.moved(house.register, at.kiosk, at.first, { positionMs: 25_000, heardSeconds: 25 });
		house.clock.now = undefined;
		expect((await logOf(house, { visit: at.visit.id })).at(-1)).toMatchObject({
			action: 'listen_heartbeat',
			measures: { seconds_heard: 25, position_ms: 25_000 }
		});
	});

	it('is that of the call in the player, of no other', async () => {
		const at = await released(...toPlayer);
		await expect(
			visiting.moved(house.register, at.kiosk, at.second, { positionMs: 1, heardSeconds: 1 })
		).rejects.toMatchObject({ kind: 'conflict' });
	});
});

describe('"this is not my call"', () => {
	it('stops its sound, and takes it from the visit and from the request', async () => {
		const at = await released(...toPlayer);
		const sounds = await sounding(at);
		const visit = await visiting.notMine(house.register, at.kiosk, at.first);
		expect(sounds()).toBe(false);
		expect(visit).toMatchObject({ state: 'list', playing: '', recordings: [at.second] });
		expect(await requestOf(at)).toMatchObject({ recordings: [at.second], not_mine: [at.first] });
		await expect(listen(at, visit)).rejects.toMatchObject({ kind: 'refused', reason: 'not_released' });
	});

	it('calls the contact person, and is in the log before anything changes', async () => {
		const at = await released(...toPlayer);
		await visiting.notMine(house.register, at.kiosk, at.first);
		expect((await now(at)).called).toBeDefined();
		const entries = (await logOf(house, { visit: at.visit.id })).slice(-2);
		for (const [index, action] of ['report_not_my_call', 'unbind_recording'].entries()) {
			expect(entries[index]).toMatchObject({ action, recording: at.first, role: 'customer', request: at.request.id });
		}
	});

	it('goes on with the others, and ends the list after the last', async () => {
		const at = await released(...toList);
		expect((await visiting.notMine(house.register, at.kiosk, at.first)).state).toBe('list');
		expect(await visiting.notMine(house.register, at.kiosk, at.second)).toMatchObject({
			state: 'leaving',
			recordings: []
		});
		expect(await requestOf(at)).toMatchObject({ recordings: [], not_mine: [at.first, at.second] });
	});

	it('said twice at once unlinks once', async () => {
		const at = await released(...toPlayer);
		const both = await Promise.allSettled([1, 2].map(() => visiting.notMine(house.register, at.kiosk, at.first)));
		expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		expect(said(await logOf(house, { visit: at.visit.id })).filter((one) => one === 'unbind_recording')).toHaveLength(
			1
		);
	});

	it('is no way round the notice', async () => {
		const at = await released();
		await expect(visiting.notMine(house.register, at.kiosk, at.first)).rejects.toMatchObject({
			reason: 'no_such_step'
		});
		expect(await now(at)).toMatchObject({ state: 'notice', recordings: at.calls });
	});

	it('does not reach calls that are not in this visit', async () => {
		const at = await released(...toList);
		const other = await scene(house, who);
		await expect(visiting.notMine(house.register, at.kiosk, other.calls[0] ?? '')).rejects.toMatchObject({
			kind: 'missing'
		});
		expect((await requestOf(other))['recordings']).toEqual(other.calls);
	});
});

describe('a wish', () => {
	it('goes onto the request once, and into the log', async () => {
		const at = await released(...toList, 'leave');
		await visiting.wish(house.register, at.kiosk, 'copy');
		await visiting.wish(house.register, at.kiosk, 'copy');
		expect((await visiting.wish(house.register, at.kiosk, 'talk')).wishes).toEqual(['copy', 'talk']);
		expect((await requestOf(at))['wishes']).toEqual(['copy', 'talk']);
		const wishes = (await logOf(house, { visit: at.visit.id })).filter(({ action }) => action === 'wish');
		expect(wishes.map(({ reason }) => reason)).toEqual(['copy', 'talk']);
	});

	it('is taken from nobody before they are verified, and is one of the list', async () => {
		const { kiosk, codes, request } = await scene(house, who);
		await visiting.arrive(house.register, kiosk, codes.token);
		await expect(visiting.wish(house.register, kiosk, 'copy')).rejects.toMatchObject({ kind: 'conflict' });
		expect((await house.superuser.collection('requests').getOne(request.id))['wishes']).toEqual([]);
		const at = await released(...toList);
		const unheardOf = 'download' as visiting.Wish;
		await expect(visiting.wish(house.register, at.kiosk, unheardOf)).rejects.toMatchObject({ kind: 'invalid' });
	});
});

describe('calling staff', () => {
	it('is noted once, however often it is pressed', async () => {
		const at = await released();
		const all = await Promise.all([1, 2, 3].map(() => visiting.callStaff(house.register, at.kiosk)));
		expect(new Set(all.map(({ called }) => called?.getTime())).size).toBe(1);
		expect(said(await logOf(house, { visit: at.visit.id })).filter((one) => one === 'call_staff')).toHaveLength(1);
	});
});

describe('the end of a visit', () => {
	it('stops the sound at once, whoever ends it', async () => {
		const ways: [string, (at: Released) => Promise<unknown>][] = [
			['customer', (at) => visiting.leave(house.register, at.kiosk, 'customer')],
			['idle', (at) => visiting.leave(house.register, at.kiosk, 'idle')],
			['contact_person', (at) => verification.stop(house.register, who.contact, at.visit.id)]
		];
		for (const [why, end] of ways) {
			const at = await released(...toPlayer);
			const sounds = await sounding(at);
			await end(at);
			expect(sounds(), why).toBe(false);
			expect(await house.superuser.collection('visits').getOne(at.visit.id)).toMatchObject({
				state: 'ended',
				ended_why: why,
				playing: ''
			});
			expect((await logOf(house, { visit: at.visit.id })).slice(-2)).toMatchObject([
				{ action: 'listen_end', reason: why },
				{ action: 'end_visit', reason: why }
			]);
			expect(await visiting.current(house.register, at.kiosk)).toBeUndefined();
		}
	});

	it("comes by itself when the hour is over, as nobody's doing", async () => {
		const at = await released(...toPlayer);
		house.clock.now = new Date(at.visit.ends.getTime() - 1);
		expect((await visiting.current(house.register, at.kiosk))?.id).toBe(at.visit.id);
		house.clock.now = at.visit.ends;
		expect(await visiting.current(house.register, at.kiosk)).toBeUndefined();
		house.clock.now = undefined;
		expect((await now(at)).state).toBe('ended');
		const entry = (await logOf(house, { visit: at.visit.id })).at(-1);
		expect(entry).toMatchObject({ action: 'end_visit', reason: 'slot_over', role: 'system' });
		expect(entry).not.toHaveProperty('actor');
	});

	it('happens once, however many ask', async () => {
		const at = await released();
		await Promise.all([1, 2, 3, 4].map(() => visiting.leave(house.register, at.kiosk, 'customer')));
		expect(said(await logOf(house, { visit: at.visit.id })).filter((one) => one === 'end_visit')).toHaveLength(1);
	});

	it('makes the code a used one', async () => {
		const at = await released();
		await visiting.leave(house.register, at.kiosk, 'customer');
		await expect(visiting.arrive(house.register, at.kiosk, at.codes.token)).rejects.toMatchObject({
			reason: 'code_not_accepted'
		});
		expect(said(await logOf(house, { kiosk: at.kiosk.id })).at(-1)).toBe('show_code: used');
	});

	it('leaves the kiosk free for the next visitor', async () => {
		const at = await released(...toPlayer);
		await visiting.leave(house.register, at.kiosk, 'customer');
		const next = await scene(house, who);
		await house.superuser.collection('appointments').update(at.appointment.id, { ends: new Date() });
		await house.superuser.collection('appointments').update(next.appointment.id, {
			kiosk: at.kiosk.id,
			starts: new Date(Date.now() + 20 * minute)
		});
		const visit = await visiting.arrive(house.register, at.kiosk, next.codes.token);
		expect(visit).toMatchObject({ state: 'waiting', playing: '', positionMs: 0, recordings: [], wishes: [] });
	});
});

describe('the language', () => {
	it("is the visitor's to change", async () => {
		const at = await released();
		await visiting.speak(house.register, at.kiosk, 'sv');
		expect((await now(at)).language).toBe('sv');
	});
});
