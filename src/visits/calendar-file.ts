import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { Temporal } from 'temporal-polyfill';
import type { Settings } from '#settings.ts';
import type { Appointment } from './appointment-row.ts';

const zone = 'Europe/Helsinki';

/** A calendar file (RFC 5545) and what it asks the calendar to do. */
export interface CalendarFile {
	method: 'PUBLISH' | 'CANCEL';
	text: string;
}

/**
 * An appointment for the customer's own calendar: when and where, and nothing of who or what. Each change has the same
 * UID and a higher SEQUENCE, so that a calendar moves or removes what it has; one that is given back or missed is a
 * cancellation.
 */
export function calendarFile(
	settings: Settings,
	appointment: Appointment,
	office: { name: string; address: string },
	{ summary, written }: { summary: string; written: Date }
): CalendarFile {
	const { id, starts, ends, sequence, state } = appointment;
	const method = state === 'booked' || state === 'kept' ? 'PUBLISH' : 'CANCEL';
	// The hour that comes twice in autumn can be told apart in UTC only.
	const inUtc = [starts, ends].some(comesTwice);
	const calendar = ical({
		prodId: { company: 'Kuuntelupiste', product: 'Kuuntelupiste', language: appointment.language.toUpperCase() },
		method: ICalCalendarMethod[method],
		timezone: inUtc ? null : { name: zone, generator: () => helsinki }
	});
	calendar.createEvent({
		id: `${id}@kuuntelupiste`,
		sequence,
		// The library leaves a Date on the machine's own clock.
		start: onWall(starts),
		end: onWall(ends),
		timezone: inUtc ? null : zone,
		summary,
		location: { title: office.name, address: office.address },
		status: method === 'CANCEL' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
		// RFC 5546 wants an organizer with an address, also where nobody answers mail.
		organizer: { name: settings.controllerName, email: settings.smtpFrom ?? 'noreply@kuuntelupiste.invalid' }
	});
	// RFC 5545 § 3.8.7.2 wants the stamp in UTC, whatever the calendar's zone.
	const stamp = `DTSTAMP:${written.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
	return { method, text: calendar.toString().replace(/^DTSTAMP:.*?(?=\r?$)/m, stamp) };
}

function onWall(instant: Date): Temporal.ZonedDateTime {
	return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
}

function comesTwice(instant: Date): boolean {
	const wall = onWall(instant).toPlainDateTime();
	const [first, second] = (['earlier', 'later'] as const).map((disambiguation) =>
		wall.toZonedDateTime(zone, { disambiguation })
	);
	return first?.epochMilliseconds !== second?.epochMilliseconds;
}

// The rule of the European Union since 1996 (Directive 2000/84/EC).
const helsinki = [
	'BEGIN:VTIMEZONE',
	`TZID:${zone}`,
	'BEGIN:STANDARD',
	'DTSTART:19961027T040000',
	'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
	'TZOFFSETFROM:+0300',
	'TZOFFSETTO:+0200',
	'TZNAME:EET',
	'END:STANDARD',
	'BEGIN:DAYLIGHT',
	'DTSTART:19970330T030000',
	'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
	'TZOFFSETFROM:+0200',
	'TZOFFSETTO:+0300',
	'TZNAME:EEST',
	'END:DAYLIGHT',
	'END:VTIMEZONE'
].join('\r\n');
