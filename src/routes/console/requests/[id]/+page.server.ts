import { redirect } from '@sveltejs/kit';
import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { daysLeft } from '#requests/deadline.ts';
import * as matching from '#requests/matching.ts';
import * as requests from '#requests/request.ts';
import { mask } from '#recordings/mask.ts';
import type { Recording } from '#recordings/recording.ts';
import * as booking from '#visits/booking.ts';
import { offices } from '#visits/office.ts';
import { id, readForm } from '../../../form.ts';
import { guarded, guardedAction } from '../../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('desk', async (door, { params, url }) => {
	const { register, as } = door;
	const request = await requests.read(register, door, params.id);
	const [calls, appointment, places] = await Promise.all([
		matching.bound(register, door, request),
		booking.booked(door, request.id),
		booking.officesWithKiosks(door)
	]);
	const office = places.find((place) => place.id === url.searchParams.get('office')) ?? places[0];
	const bookable = request.state !== 'closed' && !appointment && calls.length > 0 && office;
	return {
		request: { ...request, due: new Date(request.due.getTime() - 1), daysLeft: daysLeft(request.due, register.now()) },
		calls: calls.map(line),
		appointment: appointment && { ...appointment, office: (await offices(as).one(appointment.office)).name },
		offices: places.map((place) => ({ id: place.id, name: place.name })),
		office: office?.id,
		offers: bookable ? await booking.offers(register, door, office.id) : []
	};
});

/** What the desk sees of a call; its sound and its peaks are not sent. */
function line({ id, answered, durationMs, serviceNumber, customerNumberMasked, employeeName, direction, destroyAfter }: Recording) {
	return { id, answered, durationMs, serviceNumber, customerNumberMasked, employeeName, direction, destroyAfter };
}

const Clues = v.object({
	day: v.pipe(v.string(), v.isoDate()),
	around: v.pipe(v.string(), v.regex(/^\d{1,2}$/), v.transform(Number), v.maxValue(31)),
	// Masked in the browser already; masked here once more, before anything else looks at it, for one without script.
	number: v.pipe(v.string(), v.transform(mask))
});
const Call = v.object({ recording: id });
const Bind = v.object({ recording: id, fact: v.picklist(matching.secondFacts) });
const Slot = v.object({
	slot: v.pipe(
		v.string(),
		v.regex(/^[a-z0-9]{15} \d{12,14}$/),
		v.transform((text) => ({ kiosk: text.slice(0, 15), starts: new Date(Number(text.slice(16))) }))
	),
	office: id
});
const Close = v.object({ as: v.picklist(requests.endings), wishes: v.optional(v.string()) });

export const actions: Actions = {
	search: guardedAction('desk', async (door, { request, params }) => {
		const { day, around, number } = await readForm(request, Clues);
		const middle = Temporal.PlainDate.from(day);
		const start = (date: Temporal.PlainDate): Date => new Date(date.toZonedDateTime('Europe/Helsinki').epochMilliseconds);
		const found = await matching.search(door.register, door, params.id, {
			from: start(middle.subtract({ days: around })),
			to: start(middle.add({ days: around + 1 })),
			maskedNumber: number
		});
		return { found: { calls: found.calls.map(line), more: found.more, number, day, around } };
	}),
	bind: guardedAction('desk', async (door, { request, params }) => {
		const { recording, fact } = await readForm(request, Bind);
		await matching.bind(door.register, door, params.id, recording, { secondFact: fact });
	}),
	unbind: guardedAction('desk', async (door, { request, params }) => {
		await matching.unbind(door.register, door, params.id, (await readForm(request, Call)).recording);
	}),
	book: guardedAction('desk', async (door, { request, params }) => {
		const { slot, office } = await readForm(request, Slot);
		await booking.book(door.register, door, params.id, { office, ...slot });
	}),
	cancel: guardedAction('desk', async (door, { params }) => {
		const appointment = await booking.booked(door, params.id);
		if (appointment) await booking.cancel(door.register, door, appointment.id);
	}),
	close: guardedAction('desk', async (door, { request, params }) => {
		const { as, wishes } = await readForm(request, Close);
		await requests.close(door.register, door, params.id, as, { wishesAnswered: wishes === 'answered' });
		redirect(303, '/console/requests');
	})
};
