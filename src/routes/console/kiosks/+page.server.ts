import * as v from 'valibot';
import * as calibrating from '#visits/calibrating.ts';
import { kiosks } from '#visits/kiosk.ts';
import { offices } from '#visits/office.ts';
import * as pairing from '#visits/pairing.ts';
import { publicOrigin } from '#settings.ts';
import { id, readForm } from '../../form.ts';
import { guarded, guardedAction } from '../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('upkeep', async ({ register, as }) => ({
	address: `${publicOrigin(register.settings)}/kiosk`,
	offices: (await offices(as).list({ filter: '', sort: 'name', limit: 200 })).map(({ id, name }) => ({ id, name })),
	kiosks: (await kiosks(as).list({ filter: '', sort: 'name', limit: 500 })).map(
		({ id, name, office, lastSeen, revoked, mmPerCssPx }) => ({ id, name, office, lastSeen, revoked, mmPerCssPx })
	)
}));

const words = v.pipe(v.string(), v.trim(), v.nonEmpty());
const Pair = v.object({ code: words, name: v.pipe(words, v.maxLength(80)), office: id });
const Kiosk = v.object({ kiosk: id });

export const actions: Actions = {
	pair: guardedAction('upkeep', async (door, { request }) => {
		const { name } = await pairing.approve(door.register, door, await readForm(request, Pair));
		return { paired: name };
	}),
	calibrate: guardedAction('upkeep', async (door, { request }) => {
		await calibrating.begin(door.register, door, (await readForm(request, Kiosk)).kiosk);
		return { calibrating: true };
	}),
	revoke: guardedAction('upkeep', async (door, { request }) => {
		await pairing.revoke(door.register, door, (await readForm(request, Kiosk)).kiosk);
	})
};
