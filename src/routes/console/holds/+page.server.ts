import * as v from 'valibot';
import { calendarDay } from '#calendar-day.ts';
import * as holding from '#retention/holding.ts';
import { groundsByHand } from '#retention/hold.ts';
import { id, readForm } from '../../form.ts';
import { guarded, guardedAction, type GuardedDoor } from '../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

const duties = ['desk', 'audit'] as const;
const holder = ({ person, as, role }: GuardedDoor): holding.Holder => ({
	person,
	as,
	role: role === 'auditor' ? 'auditor' : 'contact_person'
});

export const load: PageServerLoad = guarded(duties, async (door, { url }) => {
	const { standing, ended } = await holding.list(door.register, holder(door));
	const asked = v.safeParse(id, url.searchParams.get('recording'));
	return {
		standing,
		ended,
		mayPlace: door.role === 'contact_person',
		recording: asked.success ? asked.output : ''
	};
});

const Place = v.object({
	recording: v.pipe(v.string(), v.trim(), id),
	ground: v.picklist(groundsByHand),
	lastDay: calendarDay
});
const One = v.object({ hold: id });

export const actions: Actions = {
	place: guardedAction('desk', async (door, { request }) => {
		await holding.place(door.register, holder(door), await readForm(request, Place));
		return { placed: true };
	}),
	confirm: guardedAction(duties, async (door, { request }) => {
		await holding.confirm(door.register, holder(door), (await readForm(request, One)).hold);
	}),
	end: guardedAction('desk', async (door, { request }) => {
		await holding.end(door.register, holder(door), (await readForm(request, One)).hold);
	})
};
