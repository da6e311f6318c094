import { describe, expect, test } from 'vitest';
import { readOffice, readSpans, writeSpans } from '#visits/opening-hours.ts';

test.each([
	['', []],
	['9-17', [['09:00', '17:00']]],
	[
		'9.00 – 12.30; 13–16:45',
		[
			['09:00', '12:30'],
			['13:00', '16:45']
		]
	],
	['0-24', [['00:00', '24:00']]]
])('hours written as %j are read', (typed, spans) => {
	expect(readSpans(typed)).toEqual(spans);
	expect(readSpans(writeSpans(readSpans(typed) ?? []))).toEqual(spans);
});

test.each(['nine to five', '17-9', '9-9', '9-25', '9:60-10', '9-12, 11-13', '9-'])(
	'hours written as %j are not',
	(typed) => {
		expect(readSpans(typed)).toBeUndefined();
	}
);

describe('a form of an office', () => {
	const form = { name: ' Satama ', address: 'Keksitynranta 3', slot_minutes: '45', hours_mon: '9-17' };

	test('gives its hours and the days that differ; a row without a day is left out', () => {
		const office = readOffice({
			...form,
			day_0: '2026-12-24',
			on_0: '',
			day_1: '',
			on_1: '9-12',
			day_2: '2026-12-31',
			on_2: '9-12'
		});
		expect(office).toMatchObject({ name: 'Satama', slotMinutes: 45 });
		expect(office.openingHours.mon).toEqual([['09:00', '17:00']]);
		expect(office.openingHours.sun).toEqual([]);
		expect(office.exceptions).toEqual({ '2026-12-24': [], '2026-12-31': [['09:00', '12:00']] });
	});

	test.each([
		[{ name: ' ' }, 'name'],
		[{ slot_minutes: '5' }, 'slot_minutes'],
		[{ hours_fri: 'late' }, 'hours_fri'],
		[{ day_3: '31.12.2026', on_3: '' }, 'day_3'],
		[{ day_3: '2026-12-31', on_3: 'x' }, 'on_3']
	])('names the field that cannot be read: %j', (wrong, field) => {
		expect(() => readOffice({ ...form, ...wrong })).toThrow(expect.objectContaining({ kind: 'invalid', field }));
	});
});
