import { rename } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byDevice, deviceHash, seen } from '#visits/kiosk.ts';
import * as pairing from '#visits/pairing.ts';
import { view } from '#visits/showing.ts';
import * as verification from '#visits/verification.ts';
import { visits } from '#visits/visit.ts';
import * as visiting from '#visits/visiting.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { cast, logOf, minute, said, scene, type Cast } from './scene.ts';

let house: House;
let who: Cast;
beforeAll(async () => {
	house = await openHouse();
	who = await cast(house);
});
afterAll(() => house.close());

const begin = () => house.register.pairings.begin(house.register.now());
const approve = (code: string, { door = who.maintainer, name = 'By the window', office = who.office.id } = {}) =>
	pairing.approve(house.register, door, { code, name, office });

describe('pairing', () => {
	it('shows a code that cannot be misread, and makes the device a kiosk when a maintainer types it', async () => {
		const { deviceSecret, code } = begin();
		expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
		expect(await view(house.register, deviceSecret)).toMatchObject({ screen: 'pairing', code });
		const kiosk = await approve(code.toLowerCase().replace('-', ' '));
		expect(kiosk).toMatchObject({ name: 'By the window', office: who.office.id, pairedBy: who.maintainer.person.id });
		expect((await byDevice(house.register, deviceSecret))?.id).toBe(kiosk.id);
		expect(await view(house.register, deviceSecret)).toMatchObject({ screen: 'attract', kiosk: 'By the window' });
	});

	it("keeps only a hash of the device's secret, of 256 bits", async () => {
		const { deviceSecret, code } = begin();
		expect(Buffer.from(deviceSecret, 'base64url')).toHaveLength(32);
		const kiosk = await approve(code);
		const row = await house.superuser.collection('kiosks').getOne(kiosk.id);
		expect(row['device_hash']).toBe(deviceHash(deviceSecret));
		expect(JSON.stringify(row)).not.toContain(deviceSecret);
	});

	it('is in the log before the kiosk is there', async () => {
		const kiosk = await approve(begin().code);
		expect(await logOf(house, { kiosk: kiosk.id })).toMatchObject([
			{
				action: 'pair_kiosk',
				outcome: 'done',
				actor: who.maintainer.person.id,
				role: 'maintainer',
				purpose: 'administration',
				office: who.office.id
			}
		]);
	});

	it("is a maintainer's alone: another is refused, in the log too, and the code stays good", async () => {
		const { code } = begin();
		await expect(approve(code, { door: who.contact })).rejects.toMatchObject({ kind: 'refused', reason: 'wrong_role' });
		expect(said(await logOf(house, { actor: who.contact.person.id })).at(-1)).toBe('pair_kiosk: wrong_role');
		await approve(code);
	});

	it('takes each code once', async () => {
		const { code } = begin();
		const both = await Promise.allSettled([approve(code), approve(code)]);
		expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		await expect(approve(code)).rejects.toMatchObject({ kind: 'invalid', reason: 'pairing_code' });
	});

	it('refuses a code after ten minutes', async () => {
		const { code, deviceSecret } = begin();
		house.clock.now = new Date(Date.now() + 10 * minute);
		await expect(approve(code)).rejects.toMatchObject({ reason: 'pairing_code' });
		expect(await view(house.register, deviceSecret)).toEqual({ screen: 'unpaired' });
		house.clock.now = undefined;
	});

	it('lets a wrong form be mended: the device still shows its code', async () => {
		const { code } = begin();
		await expect(approve(code, { office: 'nooffice0000000' })).rejects.toMatchObject({
			kind: 'invalid',
			field: 'office'
		});
		expect(said(await logOf(house, { actor: who.maintainer.person.id })).slice(-2)).toEqual([
			'pair_kiosk',
			'pair_kiosk: not_accepted'
		]);
		await approve(code);
	});

	it('lets no more than two hundred devices wait', () => {
		const { Pairings } = pairing;
		const crowded = new Pairings();
		const now = new Date();
		for (let n = 0; n < 200; n++) crowded.begin(now);
		expect(() => crowded.begin(now)).toThrow('too_many_pairings');
		crowded.begin(new Date(now.getTime() + 10 * minute));
	});
});

describe('a revoked kiosk', () => {
	const revoke = (kiosk: string, door = who.maintainer) => pairing.revoke(house.register, door, kiosk);

	it('is unknown from then on, its visit ends, and both are in the log', async () => {
		const { kiosk, secret, codes } = await scene(house, who);
		const visit = await visiting.arrive(house.register, kiosk, codes.token);
		const told: unknown[] = [];
		const deaf = house.register.news.hear((change) => told.push(change));
		await revoke(kiosk.id);
		deaf();
		expect(await byDevice(house.register, secret)).toBeUndefined();
		expect(await view(house.register, secret)).toEqual({ screen: 'unpaired' });
		expect(await house.superuser.collection('visits').getOne(visit.id)).toMatchObject({
			state: 'ended',
			ended_why: 'revoked'
		});
		expect(said(await logOf(house, { kiosk: kiosk.id }))).toEqual(['show_code', 'revoke_kiosk', 'end_visit']);
		expect(told).toContainEqual({ kiosk: kiosk.id, office: who.office.id });
		await revoke(kiosk.id);
		expect(await logOf(house, { kiosk: kiosk.id })).toHaveLength(3);
	});

	it('falls silent at once, and keeps its right not even when the log cannot be written', async () => {
		const { kiosk, secret, codes, calls } = await scene(house, who);
		const [call = ''] = calls;
		const { id } = await visiting.arrive(house.register, kiosk, codes.token);
		await verification.release(house.register, who.contact, id, { document: 'passport' });
		for (const event of ['notice_read', 'headset_ok', 'choose'] as const) {
			await visiting.step(house.register, kiosk, event, { recording: call });
		}
		const visit = await visits(house.superuser).one(id);
		let sounds = true;
		const hearing = await house.register.listenings.open(house.register, { kind: 'kiosk', kiosk, visit }, call);
		hearing.onEnd(() => (sounds = false));
		const log = path.join(house.data, 'access-log');
		await rename(log, `${log}-away`);
		await expect(revoke(kiosk.id)).rejects.toMatchObject({ kind: 'unavailable' });
		await rename(`${log}-away`, log);
		expect(sounds).toBe(false);
		expect(await byDevice(house.register, secret)).toBeUndefined();
		expect((await visits(house.superuser).one(id)).state).toBe('ended');
	});

	it('stays revoked although it reports itself alive at the same time', async () => {
		for (let round = 0; round < 10; round++) {
			const { kiosk } = await scene(house, who, { calls: 0 });
			const alive = Array.from({ length: 4 }, () => seen(house.register, kiosk));
			await Promise.allSettled([...alive, revoke(kiosk.id), seen(house.register, kiosk)]);
			expect((await house.superuser.collection('kiosks').getOne(kiosk.id))['revoked'], `round ${round}`).not.toBe('');
		}
	});

	it("cannot be given its right back, not even by the database's superuser", async () => {
		const { kiosk } = await scene(house, who, { calls: 0 });
		await revoke(kiosk.id);
		await expect(house.superuser.collection('kiosks').update(kiosk.id, { revoked: '' })).rejects.toMatchObject({
			status: 400
		});
	});

	it("is a maintainer's to revoke, nobody else's", async () => {
		const { kiosk, secret } = await scene(house, who, { calls: 0 });
		await expect(revoke(kiosk.id, who.contact)).rejects.toMatchObject({ kind: 'refused' });
		expect(said(await logOf(house, { kiosk: kiosk.id }))).toEqual(['revoke_kiosk: wrong_role']);
		expect(await byDevice(house.register, secret)).toBeDefined();
	});
});

describe('a kiosk', () => {
	it('is told from an unknown device by its secret', async () => {
		expect(await byDevice(house.register, undefined)).toBeUndefined();
		expect(await byDevice(house.register, 'guessed')).toBeUndefined();
	});

	it('is noted as alive at most every half a minute', async () => {
		const { kiosk, secret } = await scene(house, who, { calls: 0 });
		const lastSeen = async () => (await byDevice(house.register, secret))?.lastSeen?.getTime();
		const start = Date.now();
		for (const [after, expected] of [
			[0, 0],
			[29_000, 0],
			[30_000, 30_000]
		] as const) {
			house.clock.now = new Date(start + after);
			await seen(house.register, (await byDevice(house.register, secret)) ?? kiosk);
			expect(await lastSeen()).toBe(start + expected);
		}
		house.clock.now = undefined;
	});

	it('is paired by nobody but a maintainer, says the database too', async () => {
		const row = { name: 'x', office: who.office.id, device_hash: 'a'.repeat(64), mm_per_css_px: 0.26 };
		const { service } = house.register.pocketbase;
		for (const [client, by] of [
			[who.contact.as, who.contact.person.id],
			[service, who.maintainer.person.id]
		] as const) {
			await expect(client.collection('kiosks').create({ ...row, paired_by: by })).rejects.toMatchObject({
				status: 400
			});
		}
		expect(await plant.read(house, who.maintainer.person.id)).toBeDefined();
	});
});
