import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { SubjectRequest } from '#requests/request.ts';
import * as booking from '#visits/booking.ts';
import { lengths } from '#visits/length.ts';
import { minutesFor, offers, officesWithKiosks } from '#visits/offers.ts';
import { lateReasons, reasons, type Change } from '#visits/reasons.ts';
import { everything, obstacle } from '#visits/rebooking.ts';
import { send } from '#visits/sending.ts';
import { areEnough, suggested } from '#visits/suggested.ts';
import { id, readForm } from '../../../form.ts';
import { guardedAction, type Door } from '../../../guard.ts';
import { cancellationWords } from '../../letter-words.ts';
import type { Actions } from './$types';

// The part of a request's page that is about hours: what is booked, what can be, and what is done about it.

const Minutes = v.pipe(v.string(), v.regex(/^\d{1,3}$/), v.transform(Number), v.picklist([...lengths]));

/** What the page shows of a request's hours. */
export async function hoursOf(door: Door, request: SubjectRequest, url: URL) {
	const { register } = door;
	const isOpen = request.state !== 'closed';
	const [appointment, earlier, places, known] = await Promise.all([
		booking.booked(door, request.id),
		booking.earlier(door, request.id),
		isOpen ? officesWithKiosks(door) : [],
		everything(door)
	]);
	const wanted = url.searchParams.get('office') ?? appointment?.office;
	const office = places.find((place) => place.id === wanted) ?? places[0];
	const moving = appointment !== undefined && url.searchParams.has('move');
	const choosing = isOpen && request.recordings.length > 0 && (moving || !appointment);
	const needed = choosing ? await minutesFor(door, request) : 0;
	const asked = v.safeParse(Minutes, url.searchParams.get('minutes'));
	const minutes = asked.success ? asked.output : needed;
	const found =
		choosing && office ? await offers(register, door, request, office.id, { minutes, moving: appointment?.id }) : [];
	return {
		appointment: appointment && {
			...appointment,
			officeName: known.officeOf(appointment.office)?.name ?? '',
			kioskName: known.kioskOf(appointment.kiosk)?.name ?? '',
			personName: known.personOf(appointment.person)?.name ?? '',
			over: appointment.ends <= register.now(),
			missable: booking.missedFrom(appointment) <= register.now(),
			obstacle: obstacle(appointment, {
				office: known.officeOf(appointment.office),
				kiosk: known.kioskOf(appointment.kiosk),
				person: known.personOf(appointment.person)
			})
		},
		earlier: earlier.map((hour) => ({ ...hour, officeName: known.officeOf(hour.office)?.name ?? '' })),
		moving,
		choice: {
			offices: places.map(({ id, name }) => ({ id, name })),
			office: office?.id,
			minutes,
			needed,
			offers: found,
			suggested: suggested(found),
			enough: areEnough(found)
		}
	};
}

const Slot = v.object({
	slot: v.pipe(
		v.string(),
		v.regex(/^[a-z0-9]{15} \d{12,14}$/),
		v.transform((text) => ({ kiosk: text.slice(0, 15), starts: new Date(Number(text.slice(16))) }))
	),
	office: id,
	minutes: Minutes,
	late: v.optional(v.union([v.picklist(lateReasons), v.literal('')]))
});
const Hour = v.object({ appointment: id });
const changes = Object.entries(reasons).flatMap(([by, whys]) => whys.map((why) => `${by} ${why}`));
const Changed = v.object({
	...Hour.entries,
	change: v.pipe(
		v.picklist(changes),
		v.transform((text) => {
			const [by, why] = text.split(' ');
			// The list above says that these two belong together.
			return { by, why } as Change;
		})
	)
});

export const hourActions = {
	book: guardedAction('desk', async (door, { request, params }) => {
		const { slot, office, minutes, late } = await readForm(request, Slot);
		await booking.book(door.register, door, params.id, { office, minutes, ...slot }, late || undefined);
		redirect(303, `/console/requests/${params.id}#time`);
	}),
	move: guardedAction('desk', async (door, { request, params }) => {
		const form = await readForm(request, v.object({ ...Slot.entries, ...Changed.entries }));
		const { slot, office, minutes, late, appointment, change } = form;
		await booking.rebook(door.register, door, appointment, { office, minutes, ...slot }, change, late || undefined);
		redirect(303, `/console/requests/${params.id}#time`);
	}),
	cancel: guardedAction('desk', async (door, { request }) => {
		const { appointment, change } = await readForm(request, Changed);
		await booking.cancel(door.register, door, appointment, change);
		return { mail: await send(door.register, door, appointment, cancellationWords) };
	}),
	missed: guardedAction('desk', async (door, { request }) => {
		await booking.missed(door.register, door, (await readForm(request, Hour)).appointment);
	})
} satisfies Actions;
