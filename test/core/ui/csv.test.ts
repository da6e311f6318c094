import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { csvLine, csvStream } from '#ui/csv.ts';

it('a file of ours computes nothing in a spreadsheet, and says what it was given', () => {
	const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '|x', '＝1', '%1'];
	for (const given of formulas) expect(parse(csvLine([given]), { relax_quotes: true })).toEqual([[`'${given}`]]);
	const plain = ['a,b', 'he said "so"', 'two\r\nlines', '', 'ääkköset', '2026-11-02', 'r-1'];
	expect(parse(csvLine(plain))).toEqual([plain]);
	expect(csvLine([-5, 12])).toBe('"-5","12"\r\n');
});

it('a file is sent as it comes, and no further than somebody takes it', async () => {
	let given = 0;
	let ended = false;
	async function* lines(): AsyncGenerator<string> {
		try {
			for (;;) yield csvLine([++given]);
		} finally {
			ended = true;
		}
	}
	const answer = csvStream('x.csv', lines());
	expect(answer.headers.get('content-disposition')).toBe('attachment; filename="x.csv"');
	const reader = answer.body?.getReader();
	const first = await reader?.read();
	expect([...(first?.value ?? [])]).toEqual([0xef, 0xbb, 0xbf]);
	expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('"1"\r\n');
	await reader?.cancel();
	expect(ended).toBe(true);
	expect(given).toBeLessThan(5);
});
