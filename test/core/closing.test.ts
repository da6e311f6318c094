import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { untilQuiet } from '#closing.ts';
import { Listenings } from '#listening/listening.ts';
import * as visiting from '#visits/visiting.ts';
import { openHouse, type House } from '../support/house.ts';
import * as plant from '../support/plant.ts';
import { cast, logOf, said, scene } from './visits/scene.ts';

let house: House;
beforeAll(async () => {
	house = await openHouse();
});
afterAll(() => house.close());

it('while the server is about to stop, what plays goes on, and nothing new begins; the log says why', async () => {
	const { register } = house;
	const listenings = new Listenings();
	const agent = await plant.person(house, ['agent'], { team: (await plant.team(house)).id });
	const [playing, other] = await Promise.all([1, 2].map(() => plant.recording(house, agent.person, randomBytes(9000))));
	const listener = { kind: 'staff' as const, ...agent };
	for (const { id = '' } of [playing ?? {}, other ?? {}]) listenings.state(agent.person.id, id, 'training_and_quality');
	const open = (id = '') => listenings.open(register, listener, id);
	const visit = await scene(house, await cast(house));
	await open(playing?.id);
	register.closing.begin();

	await expect(open(playing?.id)).resolves.toMatchObject({ reader: { size: 9000 } });
	await expect(open(other?.id)).rejects.toMatchObject({ kind: 'unavailable', reason: 'closing' });
	await expect(visiting.arrive(register, visit.kiosk, visit.codes.token)).rejects.toMatchObject({
		kind: 'unavailable',
		reason: 'closing'
	});
	const log = await logOf(house, { kiosk: visit.kiosk.id });
	expect(said(log)).toEqual(['show_code: closing']);
	expect(await register.accessLog.read({ limit: 1, where: { recording: other?.id ?? '' } })).toMatchObject([
		{ action: 'open_audio', outcome: 'refused', reason: 'closing' }
	]);

	// Heard of ten seconds ago it sounds no more: its listener has paused, or gone.
	expect(listenings.sounds(register.now())).toBe(true);
	expect(listenings.sounds(new Date(Date.now() + 11_000))).toBe(false);
	house.clock.now = new Date(Date.now() + 11_000);
	await listenings.progress(register, listener, playing?.id ?? '', { positionMs: 11_000, heardSeconds: 11 });
	expect(listenings.sounds(register.now())).toBe(true);
	house.clock.now = new Date(Date.now() + 22_000);
	await listenings.progress(register, listener, playing?.id ?? '', { positionMs: 11_000, heardSeconds: 11 });
	expect(listenings.sounds(register.now())).toBe(false);
	await listenings.end(register, {}, 'server_stopped');
});

it('waits for silence, and not a second longer than it was told', async () => {
	let sounds = true;
	const waited = untilQuiet(() => sounds, 600);
	sounds = false;
	await waited;
	await untilQuiet(() => true, 0);
	const hurry = new AbortController();
	const hurried = untilQuiet(() => true, 600, hurry.signal);
	hurry.abort();
	await hurried;
});
