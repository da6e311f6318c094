import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KioskListener } from '#listening/listener.ts';
import { view } from '#visits/showing.ts';
import * as verification from '#visits/verification.ts';
import { visits } from '#visits/visit.ts';
import * as visiting from '#visits/visiting.ts';
import { openHouse, type House } from '../../support/house.ts';
import { cast, scene, sound } from './scene.ts';

let house: House;
beforeAll(async () => {
	house = await openHouse();
});
afterAll(() => house.close());

it('a whole visit stands in the log, every step, in order: who, what, which call, and why it was refused', async () => {
	const who = await cast(house);
	const { register } = house;
	const { kiosk, secret, codes, calls } = await scene(house, who);
	const [mine = '', notMine = ''] = calls;
	const { last = 0 } = { last: (await register.accessLog.read({ limit: 1 }))[0]?.sequence };
	const listener = async (id: string): Promise<KioskListener> => ({
		kind: 'kiosk',
		kiosk,
		visit: await visits(house.superuser).one(id)
	});

	// A slip of the finger first, then the code.
	await visiting.arrive(register, kiosk, 'AAAA-AAAA-A').catch(() => undefined);
	const { id } = await visiting.arrive(register, kiosk, codes.code);
	await visiting.callStaff(register, kiosk);
	await verification.coming(register, who.contact, id);
	// Before the release nothing sounds.
	await register.listenings.open(register, await listener(id), mine).catch(() => undefined);
	await verification.release(register, who.contact, id, { document: 'identity_card' });
	await visiting.step(register, kiosk, 'notice_read');
	await visiting.step(register, kiosk, 'headset_ok');
	await view(register, secret);
	await visiting.step(register, kiosk, 'choose', { recording: notMine });
	await view(register, secret);
	await register.listenings.open(register, await listener(id), notMine);
	await visiting.notMine(register, kiosk, notMine);
	await visiting.step(register, kiosk, 'choose', { recording: mine });
	const { reader } = await register.listenings.open(register, await listener(id), mine);
	// It is the call's own sound, opened from what is sealed.
	expect(Buffer.from(await reader.read(1000, 2000)).equals(sound.subarray(1000, 2000))).toBe(true);
	await visiting.step(register, kiosk, 'leave');
	await visiting.wish(register, kiosk, 'copy');
	await visiting.leave(register, kiosk, 'customer');
	// After the end nothing sounds either.
	await register.listenings.open(register, await listener(id), mine).catch(() => undefined);

	const entries = (await register.accessLog.read({ limit: 100 })).filter(({ sequence }) => sequence > last).reverse();
	const names = new Map([
		[mine, 'mine'],
		[notMine, 'not mine'],
		[kiosk.id, 'kiosk'],
		[who.contact.person.id, 'contact person']
	]);
	const line = ({ role, actor = '', action, outcome, reason, recording = '' }: (typeof entries)[number]): string =>
		[role, names.get(actor), action, names.get(recording), outcome === 'refused' ? 'refused' : undefined, reason]
			.filter((word) => word !== undefined)
			.join(' | ');
	const first = entries.filter(({ action }) => action === 'view_recording').map(({ recording }) => recording);
	expect(new Set(first)).toEqual(new Set(calls));
	expect(entries.filter(({ action }) => action !== 'view_recording').map(line)).toEqual([
		'kiosk | kiosk | show_code | refused | wrong_code',
		'customer | kiosk | show_code',
		'customer | kiosk | call_staff',
		'customer | kiosk | open_audio | mine | refused | not_verified',
		'contact_person | contact person | verify_identity',
		'contact_person | contact person | release_visit',
		'customer | kiosk | listen_begin | not mine',
		'customer | kiosk | listen_end | not mine | not_my_call',
		'customer | kiosk | report_not_my_call | not mine',
		'customer | kiosk | unbind_recording | not mine',
		'customer | kiosk | listen_begin | mine',
		'customer | kiosk | listen_end | mine | left_player',
		'customer | kiosk | wish | copy',
		'customer | kiosk | end_visit | customer',
		'customer | kiosk | open_audio | mine | refused | not_released_yet'
	]);
	// The list was in the log before it was shown, so before anything was heard.
	expect(entries.map(({ action }) => action).lastIndexOf('view_recording')).toBeLessThan(
		entries.findIndex(({ action }) => action === 'listen_begin')
	);
	for (const entry of entries.slice(1)) expect(entry).toMatchObject({ visit: id, kiosk: kiosk.id });
});
