import { redirect } from '@sveltejs/kit';
import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { calendarDay } from '#calendar-day.ts';
import * as requests from '#requests/request.ts';
import { clockTyped, instantOf, readForm, ticks } from '../../../form.ts';
import { guarded, guardedAction } from '../../../guard.ts';
import { Details } from '../request-forms.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('desk', async ({ register }) => {
	const now = Temporal.Instant.fromEpochMilliseconds(register.now().getTime()).toZonedDateTimeISO('Europe/Helsinki');
	return { today: now.toPlainDate().toString(), time: now.toPlainTime().toString({ smallestUnit: 'minute' }) };
});

const Typed = v.object({
	...Details.entries,
	received: calendarDay,
	time: clockTyped,
	channel: v.picklist(requests.channels),
	wants: ticks(requests.wants)
});

export const actions: Actions = {
	default: guardedAction('desk', async (door, { request }) => {
		const { received, time, ...form } = await readForm(request, Typed);
		const { id } = await requests.receive(door.register, door, { ...form, received: instantOf(received, time) });
		redirect(303, `/console/requests/${id}`);
	})
};
