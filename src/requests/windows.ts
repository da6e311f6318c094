import { Temporal } from 'temporal-polyfill';

const zone = 'Europe/Helsinki';

/** From an instant on, until before another. */
export interface Window {
	from: Date;
	to: Date;
}

/**
 * The time in which a remembered call may lie: so many days about a day (YYYY-MM-DD), by Helsinki's calendar; with times
 * of day (HH:MM), the same hours of each of those days. An end before its beginning reaches into the next day.
 */
export function windows(day: string, around: number, hours: { after?: string; before?: string } = {}): Window[] {
	const middle = Temporal.PlainDate.from(day);
	const [first, last] = [middle.subtract({ days: around }), middle.add({ days: around })];
	if (!hours.after && !hours.before) return [{ from: at(first, '00:00'), to: at(last.add({ days: 1 }), '00:00') }];
	const [after, before] = [hours.after || '00:00', hours.before || '24:00'];
	return Array.from({ length: 2 * around + 1 }, (_, count) => {
		const from = first.add({ days: count });
		const wraps = before <= after;
		if (before === '24:00' || wraps) {
			return { from: at(from, after), to: at(from.add({ days: 1 }), wraps ? before : '00:00') };
		}
		return { from: at(from, after), to: at(from, before) };
	});
}

function at(day: Temporal.PlainDate, clock: string): Date {
	return new Date(day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(clock) }).epochMilliseconds);
}
