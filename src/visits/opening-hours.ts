import * as v from 'valibot';
import { calendarDay } from '#calendar-day.ts';
import { Failure } from '#failures.ts';
import type { Office, Spans } from './office.ts';

/** Hours as people write them: `9-17`, `9:00–12:00, 13–16.30`; nothing for closed. Undefined when they cannot be read. */
export function readSpans(typed: string): Spans | undefined {
	const spans: Spans = [];
	for (const part of typed.split(/[,;]/)) {
		if (!part.trim()) continue;
		const found = /^\s*(\d{1,2})(?:[.:](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[.:](\d{2}))?\s*$/.exec(part);
		if (!found) return undefined;
		const [, fromHour, fromMinute, toHour, toMinute] = found;
		const [from, to] = [clock(fromHour, fromMinute), clock(toHour, toMinute)];
		if (!from || !to || from >= to || from < (spans.at(-1)?.[1] ?? '')) return undefined;
		spans.push([from, to]);
	}
	return spans;
}

/** Hours as a form shows them. */
export function writeSpans(spans: Spans): string {
	return spans.map(([from, to]) => `${from}–${to}`).join(', ');
}

/** What a form of an office says; `invalid: hours` or `exception_day` with the field that cannot be read. */
export function readOffice(form: Record<string, unknown>): Omit<Office, 'id'> {
	const words = v.pipe(v.string(), v.trim(), v.nonEmpty());
	const Plain = v.object({
		name: v.pipe(words, v.maxLength(120)),
		address: v.pipe(words, v.maxLength(200)),
		slot_minutes: v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.minValue(15), v.maxValue(240))
	});
	const plain = v.safeParse(Plain, form);
	if (!plain.success) throw new Failure('invalid', 'form', { field: v.getDotPath(plain.issues[0]) ?? undefined });
	const spansOf = (field: string): Spans => {
		const spans = readSpans(String(form[field] ?? ''));
		if (!spans) throw new Failure('invalid', 'hours', { field });
		return spans;
	};
	const [mon, tue, wed, thu, fri, sat, sun] = [
		spansOf('hours_mon'),
		spansOf('hours_tue'),
		spansOf('hours_wed'),
		spansOf('hours_thu'),
		spansOf('hours_fri'),
		spansOf('hours_sat'),
		spansOf('hours_sun')
	];
	const exceptions: Record<string, Spans> = {};
	for (const field of Object.keys(form)) {
		const row = /^day_(\d{1,3})$/.exec(field)?.[1];
		const day = String(form[field] ?? '');
		if (!row || !day) continue;
		if (!v.is(calendarDay, day)) throw new Failure('invalid', 'exception_day', { field });
		exceptions[day] = spansOf(`on_${row}`);
	}
	const { name, address, slot_minutes } = plain.output;
	return {
		name,
		address,
		slotMinutes: slot_minutes,
		openingHours: { mon, tue, wed, thu, fri, sat, sun },
		exceptions
	};
}

function clock(hour = '', minute = '00'): string | undefined {
	const text = `${hour.padStart(2, '0')}:${minute}`;
	return /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text) ? text : undefined;
}
