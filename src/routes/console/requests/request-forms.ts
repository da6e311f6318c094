import * as v from 'valibot';
import { calendarDay } from '#calendar-day.ts';
import { refusalGrounds } from '#requests/request.ts';
import * as requests from '#requests/request.ts';
import { extensions } from '#requests/deadline.ts';
import { id, ticks } from '../../form.ts';

// The forms of the desk, as a browser sends them.

const optionalDay = v.optional(v.union([calendarDay, v.literal('')]), '');
const note = v.optional(v.pipe(v.string(), v.trim(), v.maxLength(600)), '');

export const Details = v.object({
	...requests.Details.entries,
	callDay: optionalDay,
	needs: ticks(requests.needs)
});
export const Extend = v.object({
	months: v.pipe(v.string(), v.transform(Number), v.picklist(extensions)),
	ground: v.picklist(requests.extensionGrounds),
	note
});
export const Answer = v.object({ wish: v.picklist(requests.wishes), outcome: v.picklist(requests.wishOutcomes) });
export const Wish = v.object({ wish: v.picklist(requests.wishes) });
export const Close = v.object({
	as: v.picklist(requests.endings),
	ground: v.optional(
		v.pipe(
			v.picklist([...refusalGrounds, '']),
			v.transform((given) => given || undefined)
		)
	),
	note,
	callDay: optionalDay,
	of: v.optional(id)
});
