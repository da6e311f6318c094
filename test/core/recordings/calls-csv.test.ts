import { expect, test } from 'vitest';
import { parseCalls } from '#recordings/calls-csv.ts';

const header = 'answered,disconnected,direction,line,service_number,customer_number,employee,audio';
const good = {
	answered: '2026-11-20T09:15:00+02:00',
	disconnected: '2026-11-20T09:17:30.500+02:00',
	direction: 'received',
	line: 'customer_service',
	service_number: '020 071 000',
	customer_number: '+358401234567',
	employee: 'aino',
	audio: 'a.wav'
};
const row = (fields: Partial<typeof good> = {}): string => Object.values({ ...good, ...fields }).join(',');
const read = (...lines: string[]) => parseCalls(new TextEncoder().encode(lines.join('\n')));

test('a good row is read, its number already masked', () => {
	expect(read(header, row())).toEqual({
		rejected: [],
		rows: [
			{
				line: 2,
				call: {
					answered: new Date('2026-11-20T07:15:00Z'),
					disconnected: new Date('2026-11-20T07:17:30.500Z'),
					direction: 'received',
					line: 'customer_service',
					serviceNumber: '+35820071000',
					customerNumberMasked: '+358401234***',
					employee: 'aino'
				},
				audio: ['a.wav']
			}
		]
	});
});

test('the columns may stand in any order, quoted, after a byte order mark, with Windows line ends', () => {
	const { rows, rejected } = read(
		'\uFEFF"audio",employee,customer_number,service_number,line,direction,disconnected,answered\r',
		'"a, ""b"".wav",aino,0401234567,020071000,telesales,made,2026-11-20T07:17:30Z,2026-11-20T07:15:00Z\r',
		'\r'
	);
	expect(rejected).toEqual([]);
	expect(rows.map(({ call, audio }) => [audio[0], call.customerNumberMasked, call.line, call.direction])).toEqual([
		['a, "b".wav', '+358401234***', 'telesales', 'made']
	]);
});

test('a withheld number is no fault', () => {
	expect(read(header, row({ customer_number: '' })).rows[0]?.call.customerNumberMasked).toBe('');
});

test.each([
	['a time without offset', row({ answered: '2026-11-20T09:15:00' }), 'answered'],
	['a Finnish date', row({ disconnected: '20.11.2026 9.15' }), 'disconnected'],
	['a day that is not', row({ disconnected: '2026-02-31T09:15:00+02:00' }), 'disconnected'],
	['an end before the start', row({ disconnected: '2026-11-20T09:14:59+02:00' }), 'ends_before_start'],
	['an end at the start', row({ disconnected: good.answered }), 'ends_before_start'],
	['another direction', row({ direction: 'inbound' }), 'direction'],
	['another line', row({ line: 'parcels' }), 'line'],
	['a malformed number', row({ customer_number: '+35840123456x' }), 'customer_number'],
	['a malformed service number', row({ service_number: 'helpdesk' }), 'service_number'],
	['a name instead of a sign-in name', row({ employee: 'Aino Malli' }), 'employee'],
	['a path upwards', row({ audio: '../a.wav' }), 'audio'],
	['an absolute path', row({ audio: '/etc/passwd' }), 'audio'],
	['a Windows path', row({ audio: 'x\\a.wav' }), 'audio'],
	['the folder itself', row({ audio: '..' }), 'audio'],
	['no audio', row({ audio: '' }), 'audio'],
	['a NUL', row({ audio: 'a.wav\0.txt' }), 'not_text'],
	['a field too few', row().replace(',aino', ''), 'fields'],
	['a field too many', `${row()},more`, 'fields'],
	['an open quotation mark', row({ audio: '"a.wav' }), 'quotes'],
	['a stray quotation mark', row({ employee: 'ai"no' }), 'quotes']
])('%s is rejected with its line, and the rows around it go in', (_, bad, reason) => {
	const { rows, rejected } = read(header, row(), '', bad, row({ audio: 'b.wav' }));
	expect(rejected).toEqual([{ line: 4, reason }]);
	expect(rows.map(({ line }) => line)).toEqual([2, 5]);
});

test('a row that is no UTF-8 is rejected', () => {
	const bytes = Buffer.concat([Buffer.from(`${header}\n`), Buffer.from(row({ audio: 'ä.wav' }), 'latin1')]);
	expect(parseCalls(bytes)).toEqual({ rows: [], rejected: [{ line: 2, reason: 'not_text' }] });
});

test.each([
	['a column that the register does not hold', `${header},customer_name`, 'the column customer_name is not one'],
	['a missing column', header.replace(',employee', ''), 'the column employee is missing'],
	['a column twice', `${header},audio`, 'a column is there twice'],
	['a file of nothing but blank lines', '\n\n', 'the column answered is missing']
])('%s refuses the whole file', (_, first, words) => {
	expect(() => read(first)).toThrow(
		expect.objectContaining({ kind: 'invalid', reason: 'calls_csv', detail: expect.stringContaining(words) })
	);
});

test('a file without a header is refused without repeating a field of its first call', () => {
	try {
		read(row(), row());
		expect.unreachable();
	} catch (failure) {
		expect(failure).toMatchObject({ detail: expect.stringContaining('the column number 1 is not one') });
		expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toMatch(/401234|2026-11-20|aino/);
	}
});

test('of a full number nothing comes through, whatever row it stands in', () => {
	const answer = read(
		header,
		row(),
		row({ audio: '"a' }),
		row({ answered: 'x' }),
		row({ customer_number: '040123456x' })
	);
	expect(JSON.stringify(answer)).not.toMatch(/1234567|123456/);
});
