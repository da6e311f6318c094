import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { international, mask } from '#recordings/mask.ts';
import { directions, type Listing } from '#recordings/recording.ts';
import { daysLeft } from '#requests/deadline.ts';
import * as matching from '#requests/matching.ts';
import * as requests from '#requests/request.ts';
import { windows } from '#requests/windows.ts';
import { people } from '#staff/person.ts';
import * as booking from '#visits/booking.ts';
import { offers, officesWithKiosks } from '#visits/offers.ts';
import { offices } from '#visits/office.ts';
import { id, readForm } from '../../../form.ts';
import { guarded, guardedAction } from '../../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('desk', async (door, { params, url }) => {
	const { register, as } = door;
	const request = await requests.read(register, door, params.id);
	const isOpen = request.state !== 'closed';
	const [calls, appointment, places, employees] = await Promise.all([
		matching.bound(register, door, request),
		booking.booked(door, request.id),
		isOpen ? officesWithKiosks(door) : [],
		isOpen ? people(as).list({ filter: "roles ~ 'agent'", sort: 'name', limit: 500 }) : []
	]);
	const wanted = url.searchParams.get('office') ?? appointment?.office;
	const office = places.find((place) => place.id === wanted) ?? places[0];
	const moving = appointment !== undefined && url.searchParams.has('move');
	const choosing = isOpen && calls.length > 0 && (moving || !appointment);
	return {
		// The deadline is the end of a day; that day is what people are told.
		request: { ...request, due: new Date(request.due.getTime() - 1), daysLeft: daysLeft(request.due, register.now()) },
		calls: calls.map(line),
		employees: employees.map(({ id, name }) => ({ id, name })),
		appointment: appointment && {
			...appointment,
			office: (await offices(as).one(appointment.office)).name,
			over: appointment.ends <= register.now()
		},
		moving,
		offices: places.map(({ id, name }) => ({ id, name })),
		office: office?.id,
		offers: choosing && office ? await offers(register, door, request, office.id) : [],
		now: register.now()
	};
});

/** What the desk sees of a call; its sound and its peaks are not sent. */
function line({
	id,
	answered,
	durationMs,
	serviceNumber,
	customerNumberMasked,
	employeeName,
	direction,
	destroyAfter
}: Listing) {
	return { id, answered, durationMs, serviceNumber, customerNumberMasked, employeeName, direction, destroyAfter };
}

const clock = v.optional(v.pipe(v.string(), v.regex(/^(([01]\d|2[0-3]):[0-5]\d)?$/)), '');
const Clues = v.object({
	// First of all: a browser masks the number before it sends it; for one without script it is done here, before
	// anything else looks at the form.
	number: v.optional(v.pipe(v.string(), v.transform(mask)), ''),
	day: v.pipe(v.string(), v.isoDate()),
	around: v.pipe(v.string(), v.regex(/^\d{1,2}$/), v.transform(Number), v.maxValue(31)),
	after: clock,
	before: clock,
	employee: v.optional(v.union([id, v.literal('')]), ''),
	service: v.optional(v.pipe(v.string(), v.maxLength(20), v.transform(international)), ''),
	direction: v.optional(v.picklist([...directions, '']), '')
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
const Hour = v.object({ appointment: id });
const Close = v.object({ as: v.picklist(requests.endings), wishes: v.optional(v.string()) });

export const actions: Actions = {
	search: guardedAction('desk', async (door, { request, params }) => {
		const clues = await readForm(request, Clues);
		const found = await matching.search(door.register, door, params.id, {
			windows: windows(clues.day, clues.around, clues),
			maskedNumber: clues.number,
			employee: clues.employee,
			serviceNumber: clues.service,
			direction: clues.direction || undefined
		});
		return { found: { calls: found.calls.map(line), more: found.more, clues } };
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
		redirect(303, `/console/requests/${params.id}#time`);
	}),
	move: guardedAction('desk', async (door, { request, params }) => {
		const { slot, office, appointment } = await readForm(request, v.object({ ...Slot.entries, ...Hour.entries }));
		await booking.rebook(door.register, door, appointment, { office, ...slot });
		redirect(303, `/console/requests/${params.id}#time`);
	}),
	cancel: guardedAction('desk', async (door, { request }) => {
		await booking.cancel(door.register, door, (await readForm(request, Hour)).appointment);
	}),
	close: guardedAction('desk', async (door, { request, params }) => {
		const { as, wishes } = await readForm(request, Close);
		await booking.closeRequest(door.register, door, params.id, as, { wishesAnswered: wishes === 'answered' });
		redirect(303, '/console/requests');
	})
};
