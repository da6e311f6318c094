import * as v from 'valibot';
import { alarms, officeAlarms, unlock } from '#visits/alarms.ts';
import { extend, longerByMinutes } from '#visits/extending.ts';
import * as verification from '#visits/verification.ts';
import { id, readForm } from '../../form.ts';
import { guarded, guardedAction } from '../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('desk', async (door) => ({
	arrivals: await verification.waiting(door.register, door),
	longerByMinutes,
	alarms: await alarms(door.register, door),
	officeAlarms: await officeAlarms(door.register, door)
}));

const Visit = v.object({ visit: id });
const Kiosk = v.object({ kiosk: id });
const Release = v.object({ ...Visit.entries, document: v.picklist(verification.documents) });

export const actions: Actions = {
	release: guardedAction('desk', async (door, { request }) => {
		const { visit, document } = await readForm(request, Release);
		await verification.release(door.register, door, visit, { document });
	}),
	refuse: guardedAction('desk', async (door, { request }) => {
		await verification.refuseVisitor(door.register, door, (await readForm(request, Visit)).visit);
	}),
	stop: guardedAction('desk', async (door, { request }) => {
		await verification.stop(door.register, door, (await readForm(request, Visit)).visit);
	}),
	extend: guardedAction('desk', async (door, { request }) => {
		await extend(door.register, door, (await readForm(request, Visit)).visit);
	}),
	coming: guardedAction('desk', async (door, { request }) => {
		await verification.coming(door.register, door, (await readForm(request, Visit)).visit);
	}),
	unlock: guardedAction('desk', async (door, { request }) => {
		await unlock(door.register, door, (await readForm(request, Kiosk)).kiosk);
	})
};
