import { expect, test } from 'vitest';
import { readSettings } from '#settings.ts';
import type { Appointment } from '#visits/appointment-row.ts';
import { calendarFile } from '#visits/calendar-file.ts';

const settings = readSettings({ KUUNTELUPISTE_CONTACT: 'Testi Yhteyshenkilö' });
const office = { name: 'Mallilan toimipiste, 2. kerros', address: 'Mallikatu 1; 00000 Mallila' };
const words = { summary: 'Kuunteluaika', written: new Date('2026-11-24T08:00:00Z') };

const hour = (starts: string, fields: Partial<Appointment> = {}): Appointment => ({
	id: 'rappointment001',
	request: 'rrequest0000001',
	office: 'roffice00000001',
	kiosk: 'rkiosk000000001',
	person: 'rperson00000001',
	starts: new Date(starts),
	ends: new Date(new Date(starts).getTime() + 45 * 60_000),
	language: 'fi',
	state: 'booked',
	sequence: 0,
	invited: true,
	changedBy: undefined,
	changedWhy: undefined,
	lateWhy: undefined,
	...fields
});

/** The lines of a file, those that were folded (RFC 5545 § 3.1) put together. */
const linesOf = (text: string): string[] => text.replaceAll(/\r\n[ \t]/g, '').split('\r\n');
const file = (starts: string, fields?: Partial<Appointment>) =>
	calendarFile(settings, hour(starts, fields), office, words);
const line = (text: string, name: string): string | undefined =>
	linesOf(text.slice(text.indexOf('BEGIN:VEVENT'))).find((one) => one.startsWith(name));

test('a calendar file says when and where, by the clock in Helsinki, whose rule it carries', () => {
	const { method, text } = file('2026-12-01T08:00:00Z');
	expect(method).toBe('PUBLISH');
	const lines = linesOf(text);
	for (const expected of [
		'METHOD:PUBLISH',
		'BEGIN:VTIMEZONE',
		'TZID:Europe/Helsinki',
		'UID:rappointment001@kuuntelupiste',
		'SEQUENCE:0',
		'DTSTAMP:20261124T080000Z',
		'DTSTART;TZID=Europe/Helsinki:20261201T100000',
		'DTEND;TZID=Europe/Helsinki:20261201T104500',
		'SUMMARY:Kuunteluaika',
		'STATUS:CONFIRMED'
	]) {
		expect(lines).toContain(expected);
	}
	expect(line(text, 'LOCATION')).toContain(String.raw`Mallilan toimipiste\, 2. kerros`);
	expect(line(text, 'LOCATION')).toContain(String.raw`Mallikatu 1\; 00000 Mallila`);
});

test.each([
	['the last winter hour before the clock goes forward', '2027-03-28T00:15:00Z', '20270328T021500'],
	['the first summer hour after it', '2027-03-28T01:00:00Z', '20270328T040000'],
	['a summer day', '2027-07-01T06:00:00Z', '20270701T090000'],
	['the hour before the one that comes twice', '2027-10-30T23:00:00Z', '20271031T020000'],
	['the first hour of winter time', '2027-10-31T02:00:00Z', '20271031T040000']
])('%s stands on the wall clock', (_, starts, wall) => {
	expect(line(file(starts).text, 'DTSTART')).toBe(`DTSTART;TZID=Europe/Helsinki:${wall}`);
});

test('the hour that comes twice in autumn is told in UTC, so that the two are not taken for one another', () => {
	const [first, second] = ['2027-10-31T00:15:00Z', '2027-10-31T01:15:00Z'].map((starts) =>
		line(file(starts).text, 'DTSTART')
	);
	expect(first).toBe('DTSTART:20271031T001500Z');
	expect(second).toBe('DTSTART:20271031T011500Z');
});

test('a change has the same UID and a higher sequence; what is given back or missed is a cancellation', () => {
	const moved = file('2026-12-02T08:00:00Z', { sequence: 1 });
	expect(line(moved.text, 'UID')).toBe(line(file('2026-12-01T08:00:00Z').text, 'UID'));
	expect(line(moved.text, 'SEQUENCE')).toBe('SEQUENCE:1');
	for (const state of ['cancelled', 'no_show'] as const) {
		const { method, text } = file('2026-12-02T08:00:00Z', { sequence: 2, state });
		expect(method).toBe('CANCEL');
		expect(text).toContain('METHOD:CANCEL');
		expect(line(text, 'STATUS')).toBe('STATUS:CANCELLED');
		expect(line(text, 'SEQUENCE')).toBe('SEQUENCE:2');
	}
});

test('it holds nothing of who comes or why: no person, no attendee, no request, no description', () => {
	const { text } = file('2026-12-01T08:00:00Z');
	for (const one of ['ATTENDEE', 'DESCRIPTION', 'Testi Yhteyshenkilö', 'rrequest', 'rperson', 'rkiosk']) {
		expect(text).not.toContain(one);
	}
	expect(line(text, 'ORGANIZER')).toMatch(/^ORGANIZER;CN="Posti Group Oyj":/);
	for (const folded of text.split('\r\n')) expect(Buffer.byteLength(folded)).toBeLessThanOrEqual(75);
});
