import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { calendarDay } from '#calendar-day.ts';
import { international, mask } from '#recordings/mask.ts';
import { directions, type Listing } from '#recordings/recording.ts';
import { checkByEar } from '#requests/check.ts';
import { daysLeft, extended } from '#requests/deadline.ts';
import { likely } from '#requests/duplicates.ts';
import { extend, noExtension } from '#requests/extension.ts';
import { history } from '#requests/history.ts';
import { fitting } from '#requests/letters.ts';
import * as matching from '#requests/matching.ts';
import * as requests from '#requests/request.ts';
import { risks } from '#requests/risk.ts';
import { windows } from '#requests/windows.ts';
import * as wishes from '#requests/wishes.ts';
import { standing } from '#retention/holds.ts';
import { helsinkiDay } from '#sealing/day.ts';
import { people } from '#staff/person.ts';
import * as booking from '#visits/booking.ts';
import { send } from '#visits/sending.ts';
import { id, readForm } from '../../../form.ts';
import { guarded, guardedAction } from '../../../guard.ts';
import { cancellationWords } from '../../letter-words.ts';
import * as forms from '../request-forms.ts';
import { hourActions, hoursOf } from './hours.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('desk', async (door, { params, url }) => {
	const { register, as } = door;
	const request = await requests.read(register, door, params.id);
	const isOpen = request.state !== 'closed';
	const now = register.now();
	const [calls, holds, others, told, hours, employees] = await Promise.all([
		matching.bound(register, door, request),
		standing(as, { request: request.id }),
		isOpen ? likely(register, door, request) : [],
		history(register, door, request.id),
		hoursOf(door, request, url),
		isOpen ? people(as).list({ filter: "roles ~ 'agent'", sort: 'name', limit: 500 }) : []
	]);
	return {
		// The deadline is the end of a day; that day is what people are told.
		request: {
			...request,
			due: new Date(request.due.getTime() - 1),
			daysLeft: daysLeft(request.due, now),
			risks: isOpen ? risks(request, holds[0]?.until, now) : []
		},
		calls: calls.map((call) => ({
			...line(call),
			held: holds.find(({ recording }) => recording === call.id)?.until
		})),
		others: others.map(({ id, name, reach, received, state, closedAs, channel, remembers, callDay }) => ({
			...{ id, name, reach, received, state, closedAs, channel, remembers, callDay }
		})),
		extension: {
			no: noExtension(request, now),
			one: new Date(extended(request.received, 1).getTime() - 1),
			two: new Date(extended(request.received, 2).getTime() - 1)
		},
		letters: fitting(request),
		history: told,
		today: helsinkiDay(now),
		employees: employees.map(({ id, name }) => ({ id, name })),
		hours,
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
const minutes = v.optional(v.pipe(v.string(), v.regex(/^\d{0,3}$/)), '');
const inMs = (typed: string): number | undefined => (typed === '' ? undefined : Number(typed) * 60_000);
const Clues = v.object({
	// First of all: a browser masks the number before it sends it; for one without script it is done here, before
	// anything else looks at the form.
	number: v.optional(v.pipe(v.string(), v.transform(mask)), ''),
	day: calendarDay,
	around: v.pipe(v.string(), v.regex(/^\d{1,2}$/), v.transform(Number), v.maxValue(31)),
	after: clock,
	before: clock,
	employee: v.optional(v.union([id, v.literal('')]), ''),
	service: v.optional(v.pipe(v.string(), v.maxLength(20), v.transform(international)), ''),
	direction: v.optional(v.picklist([...directions, '']), ''),
	shortest: minutes,
	longest: minutes,
	/** The last call of the page before, as its instant and its id. */
	last: v.optional(
		v.pipe(
			v.string(),
			v.regex(/^\d{12,14} [a-z0-9]{15}$/),
			v.transform((text) => ({ answered: new Date(Number(text.slice(0, -16))), id: text.slice(-15) }))
		)
	)
});
const Call = v.object({ recording: id });
const Bind = v.object({ recording: id, fact: v.picklist(matching.secondFacts) });

export const actions: Actions = {
	search: guardedAction('desk', async (door, { request, params }) => {
		const { last: after, ...clues } = await readForm(request, Clues);
		const found = await matching.search(door.register, door, params.id, {
			windows: windows(clues.day, clues.around, clues),
			maskedNumber: clues.number,
			employee: clues.employee,
			serviceNumber: clues.service,
			direction: clues.direction || undefined,
			after,
			length: { from: inMs(clues.shortest), to: inMs(clues.longest) }
		});
		const last = found.more ? found.calls.at(-1) : undefined;
		const older = last && `${last.answered.getTime()} ${last.id}`;
		return { found: { calls: found.calls.map(line), older, first: !after, clues } };
	}),
	bind: guardedAction('desk', async (door, { request, params }) => {
		const { recording, fact } = await readForm(request, Bind);
		await matching.bind(door.register, door, params.id, recording, { secondFact: fact });
	}),
	unbind: guardedAction('desk', async (door, { request, params }) => {
		await matching.unbind(door.register, door, params.id, (await readForm(request, Call)).recording);
	}),
	ruleOut: guardedAction('desk', async (door, { request, params }) => {
		await matching.ruleOut(door.register, door, params.id, (await readForm(request, Call)).recording);
	}),
	ruleIn: guardedAction('desk', async (door, { request, params }) => {
		await matching.ruleIn(door.register, door, params.id, (await readForm(request, Call)).recording);
	}),
	check: guardedAction('desk', async (door, { request, params }) => {
		const { recording } = await readForm(request, Call);
		await checkByEar(door.register, door, params.id, recording);
		return { checking: recording };
	}),
	correct: guardedAction('desk', async (door, { request, params }) => {
		await requests.correct(door.register, door, params.id, await readForm(request, forms.Details));
	}),
	extend: guardedAction('desk', async (door, { request, params }) => {
		await extend(door.register, door, params.id, await readForm(request, forms.Extend));
		redirect(303, `/console/requests/${params.id}/letters/extension`);
	}),
	answer: guardedAction('desk', async (door, { request, params }) => {
		await wishes.answer(door.register, door, params.id, await readForm(request, forms.Answer));
	}),
	wish: guardedAction('desk', async (door, { request, params }) => {
		await wishes.wish(door.register, door, params.id, (await readForm(request, forms.Wish)).wish);
	}),
	...hourActions,
	close: guardedAction('desk', async (door, { request, params }) => {
		const { as, ...details } = await readForm(request, forms.Close);
		const given = await booking.closeRequest(door.register, door, params.id, as, details);
		if (given) await send(door.register, door, given.id, cancellationWords);
		redirect(303, `/console/requests/${params.id}#letters`);
	})
};
