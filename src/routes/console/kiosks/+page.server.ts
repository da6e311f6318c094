import { version } from '$app/environment';
import * as v from 'valibot';
import { board, change, endVisitAt } from '#visits/board.ts';
import * as calibrating from '#visits/calibrating.ts';
import { offices } from '#visits/office.ts';
import * as pairing from '#visits/pairing.ts';
import { publicOrigin } from '#settings.ts';
import { id, readForm } from '../../form.ts';
import { guarded, guardedAction } from '../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('upkeep', async (door) => {
	const { register, as } = door;
	return {
		address: `${publicOrigin(register.settings)}/kiosk`,
		version,
		offices: (await offices(as).list({ filter: '', sort: 'name', limit: 200 })).map(({ id, name }) => ({ id, name })),
		kiosks: await board(register, door)
	};
});

const words = v.pipe(v.string(), v.trim(), v.nonEmpty());
const name = v.pipe(words, v.maxLength(80));
const Pair = v.object({ code: words, name, office: id });
const Kiosk = v.object({ kiosk: id });
const Change = v.object({ kiosk: id, name, office: id });

export const actions: Actions = {
	pair: guardedAction('upkeep', async (door, { request }) => {
		const { name } = await pairing.approve(door.register, door, await readForm(request, Pair));
		return { paired: name };
	}),
	calibrate: guardedAction('upkeep', async (door, { request }) => {
		await calibrating.begin(door.register, door, (await readForm(request, Kiosk)).kiosk);
		return { calibrating: true };
	}),
	change: guardedAction('upkeep', async (door, { request }) => {
		await change(door.register, door, await readForm(request, Change));
	}),
	end: guardedAction('upkeep', async (door, { request }) => {
		await endVisitAt(door.register, door, (await readForm(request, Kiosk)).kiosk);
	}),
	revoke: guardedAction('upkeep', async (door, { request }) => {
		await pairing.revoke(door.register, door, (await readForm(request, Kiosk)).kiosk);
	})
};
