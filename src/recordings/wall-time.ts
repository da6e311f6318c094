import { DateTime } from 'luxon';

/** How times are written in an export: a format of Luxon's tokens, or one of the words; and by whose wall clock. */
export interface TimeForm {
	/** `iso`, `seconds` or `milliseconds` (since 1970), or a format like `d.M.yyyy H.mm.ss`. */
	readonly format: string;
	readonly zone: string;
}

const switchTime: TimeForm = { format: 'yyyy-MM-dd HH:mm:ss', zone: 'Europe/Helsinki' };

/**
 * A time of an export as an instant (ISO 8601, UTC). A text that is no such time, or a wall time that a clock skipped,
 * comes back as an empty string, which no call accepts.
 */
export function written(text: string, { format, zone }: TimeForm = switchTime): string {
	const time = parsed(text.trim(), format, zone);
	return time.isValid ? (time.toUTC().toISO() ?? '') : '';
}

function parsed(text: string, format: string, zone: string): DateTime {
	if (format === 'iso') return DateTime.fromISO(text, { zone });
	const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
	if (format === 'seconds') return DateTime.fromMillis(Math.round(number * 1000));
	if (format === 'milliseconds') return DateTime.fromMillis(Math.round(number));
	const time = DateTime.fromFormat(text, format, { zone });
	// In the hour that is skipped in spring the clock never showed this.
	return time.isValid && time.toFormat(format) !== DateTime.fromFormat(text, format, { zone: 'UTC' }).toFormat(format)
		? DateTime.invalid('skipped')
		: time;
}
