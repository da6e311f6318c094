import type { Hour } from '#visits/calendar.ts';
import type { Slot } from '#visits/slots.ts';

const quarterMs = 15 * 60_000;
// What is shown of an office that never closes, while nobody comes at other hours: 7 to 20.
const wakingMs = { from: 7 * 3600_000, to: 20 * 3600_000 };

/** What stands in a kiosk's column from one quarter of an hour on, over so many rows. */
export interface Cell {
	kiosk: string;
	rows: number;
	hour: Hour | undefined;
	open: boolean;
}
/** A quarter of an hour; the first of a clock's hour has the hour's name over its four rows. */
export interface Row {
	at: Date;
	/** How many rows the name of the hour stands beside; 0 where it stands already. */
	named: number;
	cells: Cell[];
}

/**
 * A day as the rows of a table, a quarter of an hour each, from the first to the last that anything happens in: a cell a
 * kiosk, as high as the hour that is booked or as the time that is free until the clock's next hour. By instants, so that
 * a day with 23 or 25 hours has as many.
 */
export function dayGrid({
	begin,
	open,
	kiosks,
	hours
}: {
	begin: Date;
	open: Slot[];
	kiosks: { id: string }[];
	hours: Hour[];
}): Row[] {
	const shown = [...open.map((span) => waking(span, begin)), ...hours];
	if (shown.length === 0) return [];
	const hourMs = 4 * quarterMs;
	const from = Math.floor(Math.min(...shown.map(({ starts }) => starts.getTime())) / hourMs) * hourMs;
	const to = Math.ceil(Math.max(...shown.map(({ ends }) => ends.getTime())) / hourMs) * hourMs;
	const covers = (at: number) => (span: Slot) => span.starts.getTime() <= at && at < span.ends.getTime();
	return Array.from({ length: (to - from) / quarterMs }, (_, place) => {
		const at = from + place * quarterMs;
		const first = at % hourMs === 0;
		const cells = kiosks.flatMap(({ id }): Cell[] => {
			const here = hours.filter(({ kiosk }) => kiosk === id);
			const hour = here.find(covers(at));
			const isOpen = open.some(covers(at));
			if (hour) {
				const begins = Math.max(Math.floor(hour.starts.getTime() / quarterMs) * quarterMs, from);
				if (at !== begins) return [];
				return [{ kiosk: id, rows: Math.ceil((hour.ends.getTime() - begins) / quarterMs), hour, open: true }];
			}
			const same = (other: number): boolean =>
				!here.some(covers(other)) && open.some(covers(other)) === isOpen && other >= from;
			if (!first && same(at - quarterMs)) return [];
			let rows = 1;
			while ((at + rows * quarterMs) % hourMs !== 0 && same(at + rows * quarterMs)) rows++;
			return [{ kiosk: id, rows, hour: undefined, open: isOpen }];
		});
		return { at: new Date(at), named: first ? 4 : 0, cells };
	});
}

function waking(span: Slot, begin: Date): Slot {
	const whole = span.ends.getTime() - span.starts.getTime() >= 20 * 3600_000;
	if (!whole) return span;
	return { starts: new Date(begin.getTime() + wakingMs.from), ends: new Date(begin.getTime() + wakingMs.to) };
}
