import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import * as calibrating from '#visits/calibrating.ts';
import { kiosks } from '#visits/kiosk.ts';
import { revoke } from '#visits/pairing.ts';
import { view } from '#visits/showing.ts';
import * as visiting from '#visits/visiting.ts';
import { openHouse, type House } from '../../support/house.ts';
import { cast, logOf, minute, said, scene, type Cast } from './scene.ts';

let house: House;
let who: Cast;
beforeAll(async () => {
	house = await openHouse();
	who = await cast(house);
});
afterEach(() => void (house.clock.now = undefined));
afterAll(() => house.close());

const begin = (kiosk: string, door = who.maintainer) => calibrating.begin(house.register, door, kiosk);
const sizeOf = async (kiosk: string) => (await kiosks(house.superuser).one(kiosk)).mmPerCssPx;

it('a maintainer has a kiosk show its ruler, and what is measured there counts from then on, in the log first', async () => {
	const { kiosk, secret } = await scene(house, who);
	await begin(kiosk.id);
	expect(await view(house.register, secret)).toMatchObject({ screen: 'calibrate', mmPerCssPx: 0.2646 });
	await calibrating.finish(house.register, kiosk, 0.3691);
	expect(await view(house.register, secret)).toMatchObject({ screen: 'attract', mmPerCssPx: 0.3691 });
	expect(await logOf(house, { kiosk: kiosk.id })).toMatchObject([
		{
			action: 'calibrate_kiosk',
			outcome: 'done',
			actor: who.maintainer.person.id,
			role: 'maintainer',
			measures: { micrometres: 369 }
		}
	]);
});

it('no kiosk measures itself unasked, twice, or later than a quarter of an hour', async () => {
	const { kiosk } = await scene(house, who);
	const finish = () => calibrating.finish(house.register, kiosk, 0.3);
	await expect(finish()).rejects.toMatchObject({ kind: 'too_late', reason: 'not_calibrating' });
	await begin(kiosk.id);
	house.clock.now = new Date(Date.now() + 16 * minute);
	await expect(finish()).rejects.toMatchObject({ kind: 'too_late' });
	await begin(kiosk.id);
	await finish();
	await expect(finish()).rejects.toMatchObject({ kind: 'too_late' });
	expect(await sizeOf(kiosk.id)).toBe(0.3);
});

it.each([0, 0.04, 1.01, -0.3, Infinity, Number.NaN])('a pixel of %s mm is none', async (size) => {
	const { kiosk } = await scene(house, who);
	await begin(kiosk.id);
	await expect(calibrating.finish(house.register, kiosk, size)).rejects.toMatchObject({ kind: 'invalid' });
	expect(await sizeOf(kiosk.id)).toBe(0.2646);
});

it('a ruler that is put away changes nothing', async () => {
	const { kiosk, secret } = await scene(house, who);
	await begin(kiosk.id);
	calibrating.leave(house.register, kiosk);
	expect(await view(house.register, secret)).toMatchObject({ screen: 'attract' });
	expect(await logOf(house, { kiosk: kiosk.id })).toEqual([]);
});

it('only a maintainer begins, not under a visitor and not on a revoked kiosk; a refusal is logged', async () => {
	const { kiosk, secret, codes } = await scene(house, who);
	await expect(begin(kiosk.id, who.contact)).rejects.toMatchObject({ kind: 'refused' });
	expect(said(await logOf(house, { kiosk: kiosk.id }))).toEqual(['calibrate_kiosk: wrong_role']);
	await begin(kiosk.id);
	await visiting.arrive(house.register, kiosk, codes.token);
	// A visitor goes before a ruler.
	expect(await view(house.register, secret)).toMatchObject({ screen: 'waiting' });
	await expect(begin(kiosk.id)).rejects.toMatchObject({ kind: 'conflict', reason: 'visit_under_way' });
	const other = await scene(house, who);
	await revoke(house.register, who.maintainer, other.kiosk.id);
	await expect(begin(other.kiosk.id)).rejects.toMatchObject({ reason: 'kiosk_revoked' });
});
