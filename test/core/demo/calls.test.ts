import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { calls, callsFolder, demoCalls } from '#demo/calls.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`${name}.webm`, callsFolder));

const digits = [
	'nolla|yksi|kaksi|kolme|neljä|viisi|kuusi|seitsemän|kahdeksan|yhdeksän',
	'noll|ett|två|tre|fyra|fem|sex|sju|åtta|nio',
	'zero|one|two|three|four|five|six|seven|eight|nine'
];
const digit = `(?<!\\p{L})(?:${digits.join('|')})(?!\\p{L})`;
const sevenDigits = new RegExp(`\\d|(?:${digit} ){6}${digit}`, 'iu');

/** What ffprobe says, one `key=value` a line. */
function probe(path: string): Map<string, string> {
	const entries = 'stream=codec_name,channels,channel_layout:format=duration';
	const lines = execFileSync('ffprobe', ['-v', 'error', '-show_entries', entries, '-of', 'default=nw=1', path]);
	const pairs = lines.toString().trim().split('\n');
	return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/** Loudness of each tenth of a second, in dB of full scale: [customer, clerk]. */
function levels(path: string): [number, number][] {
	const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-ar', '8000', '-f', 's16le', 'pipe:1'], {
		maxBuffer: 2 ** 26
	});
	const level = (frame: number, channel: 0 | 1) => {
		let power = 0;
		for (let i = 0; i < 800; i++) power += raw.readInt16LE(((frame * 800 + i) * 2 + channel) * 2) ** 2;
		return 10 * Math.log10(power / 800 / 32_768 ** 2 + 1e-12);
	};
	return Array.from({ length: Math.floor(raw.length / 3200) }, (_, frame) => [level(frame, 0), level(frame, 1)]);
}

/** By how many dB the other channel is quieter where this one speaks; nine places in ten reach it. */
function separation(heard: [number, number][], channel: 0 | 1): number {
	const gaps = heard.filter((pair) => pair[channel] > -30).map((pair) => pair[channel] - pair[channel === 0 ? 1 : 0]);
	return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 10)] ?? 0;
}

describe.each(calls)('$name', ({ name, durationMs }) => {
	test('is Opus with the customer on one channel and the clerk on the other, as long as the table says', () => {
		const found = probe(pathOf(name));
		expect(found.get('codec_name')).toBe('opus');
		expect(found.get('channels')).toBe('2');
		expect(found.get('channel_layout')).toBe('stereo');
		expect(Math.abs(Number(found.get('duration')) * 1000 - durationMs)).toBeLessThan(50);
	});

	test('both speak, and neither is heard on the other’s channel', () => {
		const heard = levels(pathOf(name));
		for (const channel of [0, 1] as const) {
			expect(heard.filter((pair) => pair[channel] > -40).length / heard.length).toBeGreaterThan(0.1);
			expect(separation(heard, channel)).toBeGreaterThan(40);
		}
	});

	test('no telephone number is spoken in it: never seven digits in a row', () => {
		const text = readFileSync(new URL(`${name}.txt`, callsFolder), 'utf8');
		const said = text.split('\n').flatMap((row) => /^\+?(?:customer|clerk)[!~]?: (.+)$/.exec(row)?.[1] ?? []);
		expect(said.length).toBeGreaterThan(5);
		for (const words of said) expect(words.replaceAll(',', '')).not.toMatch(sevenDigits);
	});
});

test('the calls together stay small enough to be kept with the source', () => {
	expect(calls.reduce((sum, { name }) => sum + statSync(pathOf(name)).size, 0)).toBeLessThan(4_000_000);
	expect(statSync(new URL('../../../static/headset-check.webm', import.meta.url)).size).toBeLessThan(30_000);
});

test('there are calls in three languages, both directions, both lines, and from half a minute to six', () => {
	const count = (language: string) => calls.filter((call) => call.language === language).length;
	expect(calls.length).toBeGreaterThanOrEqual(14);
	expect([count('fi') >= 7, count('sv') >= 3, count('en') >= 3]).toEqual([true, true, true]);
	const kinds = new Set(calls.map(({ line, direction }) => `${line} ${direction}`));
	expect([...kinds].sort()).toEqual([
		'customer_service made',
		'customer_service received',
		'telesales made',
		'telesales received'
	]);
	const lengths = calls.map(({ durationMs }) => durationMs);
	expect(Math.min(...lengths)).toBeGreaterThan(20_000);
	expect(Math.max(...lengths)).toBeGreaterThan(330_000);
	expect(Math.max(...lengths)).toBeLessThan(370_000);
});

test('every number is from a range that nobody has', () => {
	const unused = /^\+(35849[0-35-9]\d{6}|467017406(0[5-9]|[1-9]\d)|447700900\d{3})$/;
	for (const { customerNumber, serviceNumber } of calls) {
		expect(customerNumber).toMatch(unused);
		expect(serviceNumber).toMatch(/^\+358740\d{6}$/);
	}
});

test('two customers share a masked number, so that a match has to be told apart by a second fact', () => {
	const whole = new Set(calls.map(({ customerNumber }) => customerNumber));
	const masked = new Set([...whole].map((number) => number.slice(0, -3)));
	expect(masked.size).toBeLessThan(whole.size);
});

// Days on which calendar months are awkward: a leap day ahead, long months before short ones, clocks going back and on.
const days = ['2026-11-19', '2027-08-26', '2027-08-28', '2028-08-28', '2027-03-28', '2027-10-31', '2028-02-29'];
const moments = days.flatMap((day) => [`${day}T01:30:00Z`, `${day}T21:45:00Z`]);

describe.each(moments)('an export made at %s', (moment) => {
	const now = new Date(moment);
	const rows = demoCalls(now);

	test('has each call once, each exactly as long as its audio, none ending in the future', () => {
		const lengths = rows.map((row) => [row.audio, Date.parse(row.disconnected) - Date.parse(row.answered)]);
		expect(lengths.sort()).toEqual(calls.map(({ name, durationMs }) => [`${name}.webm`, durationMs]).sort());
		for (const { disconnected } of rows) expect(Date.parse(disconnected)).toBeLessThanOrEqual(now.getTime());
		const answered = rows.map((row) => Date.parse(row.answered));
		expect(answered).toEqual(answered.toSorted((a, b) => a - b));
	});

	test('has three calls with one to six days left of their six months, and most are younger than three months', () => {
		const today = Temporal.Instant.from(moment).toZonedDateTimeISO('Europe/Helsinki').toPlainDate();
		const callDays = rows.map((row) =>
			Temporal.Instant.from(row.disconnected).toZonedDateTimeISO('Europe/Helsinki').toPlainDate()
		);
		const left = callDays.map((day) => today.until(day.add({ months: 6 })).days);
		expect(left.filter((count) => count < 1)).toEqual([]);
		expect(left.filter((count) => count <= 6)).toHaveLength(3);
		const young = callDays.filter((day) => Temporal.PlainDate.compare(day, today.subtract({ months: 3 })) > 0);
		expect(young.length).toBeGreaterThan(rows.length / 2);
	});
});

test('the demo’s calls are taken by its own agents during the day', () => {
	for (const { time } of calls) expect(time >= '08:00:00' && time < '20:00:00').toBe(true);
	expect([...new Set(calls.map(({ employee }) => employee))].sort()).toEqual(
		['agent', 'aino', 'bengt', 'carola', 'daniel', 'emma'].sort()
	);
});
