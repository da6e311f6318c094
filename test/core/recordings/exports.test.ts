import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPocketbase } from '#pocketbase/pocketbase.ts';
import { intake, type Intake, type Orders } from '#recordings/intake.ts';
import { readMapping } from '#recordings/mapping.ts';
import type { Ground } from '#recordings/new-recording.ts';
import { writeReport } from '#recordings/quarantine.ts';
import { recordings, type Recording } from '#recordings/recording.ts';
import { people } from '#staff/person.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { alaw } from '../../support/tones.ts';
import { ffmpeg, makeSound } from './make-sound.ts';

// What call systems really export, each made as they make it, with real sound.

let house: House;
let ground: Ground;
const folders: string[] = [];

beforeAll(async () => {
	house = await openHouse();
	await plant.person(house, ['agent'], { signInName: 'aino', name: 'Aino Malli' });
	const secret = await house.register.keyring.readSecret('service-intake');
	const client = (await openPocketbase(house.url, 'intake', secret)).service;
	ground = {
		client,
		keyring: house.register.keyring,
		now: house.register.now,
		employeeOf: (name) => people(client).first({ filter: 'sign_in_name = {:name}', params: { name } })
	};
});
afterAll(async () => {
	await house?.close();
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(...below: string[]): string {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-export-'));
	folders.push(folder);
	for (const one of below) mkdirSync(path.join(folder, one), { recursive: true });
	return folder;
}

let pitch = 300;
function sound(file: string, words: readonly string[], levels = [0.5], seconds = 4): void {
	makeSound(file, words, { seconds, levels, pitch: (pitch += 10) });
}

const bring = (folder: string, orders: Orders = {}): Promise<Intake> => intake(ground, folder, orders);

async function stored(filter: string): Promise<Recording[]> {
	return recordings(house.superuser).list({ filter, sort: 'answered' });
}

const helsinki = (daysAgo: number): string =>
	new Date(Date.now() - daysAgo * 24 * 3600_000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Helsinki' });

test("Asterisk's records go in with MixMonitor's sound, GSM too, and unanswered calls are passed over", async () => {
	const folder = newFolder('cdr-csv', 'monitor');
	const day = helsinki(9);
	const epoch = 1764300000;
	sound(path.join(folder, 'monitor', `0491730561-${epoch}.1.wav`), ['-c:a', 'pcm_alaw']);
	sound(path.join(folder, 'monitor', `out-${epoch}.2.WAV`), ['-c:a', 'libgsm_ms', '-f', 'wav']);
	sound(path.join(folder, 'monitor', `q-${epoch}.3.gsm`), ['-c:a', 'libgsm', '-f', 'gsm']);
	sound(path.join(folder, 'monitor', 'named.wav'), ['-c:a', 'pcm_s16le']);
	const record = (fields: Record<number, string>): string => {
		const all = Array.from({ length: 18 }, (_, index) => fields[index] ?? '');
		return all.map((field) => `"${field}"`).join(',');
	};
	const call = (minute: number, id: number, more: Record<number, string>): string =>
		record({
			1: '0491730561',
			2: '020071000',
			5: 'PJSIP/trunk-00000001',
			6: 'PJSIP/aino-00000002',
			9: `${day} 10:${minute}:00`,
			10: `${day} 10:${minute}:10`,
			11: `${day} 10:${minute}:14`,
			14: 'ANSWERED',
			16: `${epoch}.${id}`,
			...more
		});
	writeFileSync(
		path.join(folder, 'cdr-csv', 'Master.csv'),
		[
			call(10, 1, {}),
			call(11, 2, {
				0: 'telesales',
				1: '020071000',
				2: '0491730562',
				5: 'PJSIP/aino-00000003',
				6: 'PJSIP/trunk-00000004'
			}),
			call(12, 3, { 1: '' }),
			call(13, 9, { 17: 'audio:named.wav' }),
			call(14, 8, {}),
			call(15, 7, { 14: 'NO ANSWER' }),
			call(16, 6, { 6: 'PJSIP/nobody-00000005' })
		].join('\n')
	);
	const result = await bring(folder);
	expect(result.rejected.map(({ line, reason }) => [line, reason])).toEqual([
		[5, 'audio_missing'],
		[7, 'unknown_employee']
	]);
	expect([result.imported, result.unit]).toEqual([4, 'line']);
	const calls = (await stored('service_number = "+35820071000"')).filter(({ answered }) =>
		answered.toISOString().includes(':1')
	);
	expect(calls.map((one) => [one.direction, one.line, one.customerNumberMasked, one.audioType])).toEqual([
		['received', 'customer_service', '+358491730***', 'audio/wav'],
		['made', 'telesales', '+358491730***', 'audio/ogg'],
		['received', 'customer_service', '', 'audio/ogg'],
		['received', 'customer_service', '+358491730***', 'audio/wav']
	]);
	// The wall clock of the switch is Helsinki's.
	expect(calls[0]?.answered.toLocaleTimeString('sv-SE', { timeZone: 'Europe/Helsinki' })).toBe('10:10:10');
	expect(await bring(folder)).toMatchObject({ imported: 0, known: 4 });
});

test('a tree of sidecars goes in, and of two files the customer comes first', async () => {
	const folder = newFolder('2026/one', '2026/two');
	const started = new Date(Date.now() - 8 * 24 * 3600_000);
	started.setMilliseconds(0);
	const sidecar = (minutes: number, more: object, customer: object = {}, agent: object = {}): string =>
		JSON.stringify({
			conversationId: 'c0ffee',
			startTime: new Date(started.getTime() + minutes * 60_000).toISOString(),
			endTime: new Date(started.getTime() + minutes * 60_000 + 4000).toISOString(),
			direction: 'inbound',
			serviceNumber: 'tel:+35820071001',
			participants: [
				{ purpose: 'customer', address: 'tel:+358491730563', ...customer },
				{ purpose: 'agent', userName: 'Aino@posti.example', ...agent }
			],
			...more
		});
	const at = (name: string): string => path.join(folder, '2026', name);
	sound(at('one/a-customer.opus'), ['-c:a', 'libopus', '-f', 'ogg'], [0.9]);
	sound(at('one/a-agent.opus'), ['-c:a', 'libopus', '-f', 'ogg'], [0.1]);
	writeFileSync(at('one/a_metadata.json'), sidecar(0, {}, { audio: 'a-customer.opus' }, { audio: 'a-agent.opus' }));
	sound(at('two/b.mp3'), ['-c:a', 'libmp3lame'], [0.5, 0.5]);
	writeFileSync(at('two/b_metadata.json'), sidecar(1, { direction: 'outbound', line: 'telesales' }));
	writeFileSync(at('two/c_metadata.json'), '{"startTime":');
	writeFileSync(at('two/d_metadata.json'), sidecar(2, {}, { audio: '../one/a-customer.opus' }, { audio: 'x' }));
	writeFileSync(at('two/e_metadata.json'), sidecar(3, {}));
	const result = await bring(folder);
	expect(result.rejected.map(({ line, reason }) => [line, reason])).toEqual([
		[3, 'sidecar'],
		[4, 'audio'],
		[5, 'audio_missing']
	]);
	expect([result.imported, result.unit]).toEqual([2, 'sidecar']);
	const [first, second] = await stored('service_number = "+35820071001"');
	expect(first).toMatchObject({ channels: 2, audioType: 'audio/ogg', customerNumberMasked: '+358491730***' });
	const [customer = [], agent = []] = first?.peaks ?? [];
	expect(Math.max(...customer)).toBeGreaterThan(70);
	expect(Math.max(...agent)).toBeLessThan(20);
	expect(second).toMatchObject({ direction: 'made', line: 'telesales', audioType: 'audio/mpeg' });
});

const finnish = {
	file: 'puhelut.csv',
	format: 'csv',
	delimiter: ';',
	encoding: 'windows-1252',
	time: { format: 'd.M.yyyy H.mm.ss' },
	fields: {
		answered: { from: 'Alkoi' },
		duration: { from: 'Kesto' },
		direction: { from: 'Suunta', words: { Saapunut: 'received', Lähtenyt: 'made' } },
		line: { always: 'customer_service' },
		service_number: { from: 'Palvelunumero' },
		customer_number: { from: 'Asiakas' },
		employee: { from: 'Käsittelijä', words: { 'Malli Aino': 'aino' } },
		audio: { from: 'Tiedosto' }
	}
};

test('a semicolon CSV with Finnish dates goes in by a mapping, and a wrong value is named by line and column', async () => {
	const folder = newFolder();
	sound(path.join(folder, 'ä1.wav'), ['-c:a', 'pcm_mulaw']);
	const [year, month, day] = helsinki(7).split('-').map(Number);
	const row = (clock: string, suunta: string, asiakas = '049 173 0564'): string =>
		[`${day}.${month}.${year} ${clock}`, '0:00:04', suunta, '020 071 002', asiakas, 'Malli Aino', 'ä1.wav'].join(';');
	writeFileSync(
		path.join(folder, 'puhelut.csv'),
		Buffer.from(
			[
				'Alkoi;Kesto;Suunta;Palvelunumero;Asiakas;Käsittelijä;Tiedosto',
				row('9.05.00', 'Saapunut'),
				row('9.06.00', 'Lähtenyt', ''),
				row('9.07.00', 'Sisään'),
				row('25.00.00', 'Saapunut'),
				row('9.08.00', 'Saapunut', 'ei ole')
			].join('\r\n'),
			'latin1'
		)
	);
	const mapping = readMapping(JSON.stringify(finnish));
	const dry = await bring(folder, { mapping, dryRun: true });
	expect([dry.imported, dry.rejected.length]).toEqual([2, 3]);
	expect(await stored('service_number = "+35820071002"')).toEqual([]);
	const result = await bring(folder, { mapping });
	expect(result.rejected).toEqual([
		{ line: 4, reason: 'direction', column: 'Suunta' },
		{ line: 5, reason: 'answered', column: 'Alkoi' },
		{ line: 6, reason: 'customer_number', column: 'Asiakas' }
	]);
	const calls = await stored('service_number = "+35820071002"');
	expect(calls.map(({ direction, customerNumberMasked }) => [direction, customerNumberMasked])).toEqual([
		['received', '+358491730***'],
		['made', '']
	]);
	expect(calls[0]?.answered.toLocaleTimeString('sv-SE', { timeZone: 'Europe/Helsinki' })).toBe('09:05:00');
});

test('a JSON list goes in by a mapping', async () => {
	const folder = newFolder();
	sound(path.join(folder, 'x.flac'), ['-c:a', 'flac']);
	const began = Math.floor(Date.now() / 1000) - 6 * 24 * 3600;
	const calls = [
		{ call: { began, ended: began + 4 }, who: 'aino', from: '+358491730565', to: '+35820071003', file: 'x.flac' }
	];
	writeFileSync(path.join(folder, 'calls.json'), JSON.stringify({ data: { calls } }));
	const from = (name: string) => ({ from: name });
	const mapping = readMapping(
		JSON.stringify({
			file: 'calls.json',
			format: 'json',
			calls: 'data.calls',
			time: { format: 'seconds' },
			fields: {
				answered: from('call.began'),
				disconnected: from('call.ended'),
				direction: { always: 'received' },
				line: { always: 'telesales' },
				service_number: from('to'),
				customer_number: from('from'),
				employee: from('who'),
				audio: from('file')
			}
		})
	);
	expect(await bring(folder, { mapping })).toMatchObject({ imported: 1, rejected: [] });
	expect(await stored('service_number = "+35820071003"')).toMatchObject([{ answered: new Date(began * 1000) }]);
});

test.each([
	['{\n  "file": "a.csv",\n  "format": }', 'line 3, column 13: ValueExpected'],
	['{\n  "file": "a.csv",\n  "format": "xml"\n}', 'line 3, column 13: format: '],
	[JSON.stringify({ ...finnish, time: { format: 'iso', zone: 'Suomi/Oulu' } }, null, 1), 'time.zone: is no time zone'],
	[
		JSON.stringify({ ...finnish, fields: { ...finnish.fields, duration: undefined } }),
		'fields: needs disconnected or duration'
	],
	['', 'line 1, column 1']
])('a wrong mapping is refused by line and column: %#', (text, words) => {
	expect(() => readMapping(text)).toThrow(
		expect.objectContaining({ kind: 'invalid', reason: 'mapping', detail: expect.stringContaining(words) })
	);
});

test('a mapping that names a column which is not there refuses the file', async () => {
	const folder = newFolder();
	writeFileSync(path.join(folder, 'puhelut.csv'), 'Alkoi;Kesto\n');
	await expect(bring(folder, { mapping: readMapping(JSON.stringify(finnish)) })).rejects.toMatchObject({
		reason: 'mapped_file',
		detail: expect.stringContaining('"Suunta"')
	});
});

test('originals go only when asked, only after the stored file opened, and a rejected call keeps its own', async () => {
	const folder = newFolder();
	sound(path.join(folder, 'good.wav'), []);
	writeFileSync(path.join(folder, 'bad.wav'), 'no sound');
	const answered = new Date(Date.now() - 5 * 24 * 3600_000);
	const row = (audio: string): string =>
		`${answered.toISOString()},${new Date(answered.getTime() + 4000).toISOString()},received,customer_service,+35820071004,+358491730566,aino,${audio}`;
	const head = 'answered,disconnected,direction,line,service_number,customer_number,employee,audio';
	writeFileSync(path.join(folder, 'calls.csv'), [head, row('good.wav'), row('bad.wav')].join('\n'));
	expect(await bring(folder, { removeOriginals: true })).toMatchObject({ imported: 1 });
	expect(readFileSync(path.join(folder, 'bad.wav'), 'utf8')).toBe('no sound');
	expect(() => readFileSync(path.join(folder, 'good.wav'))).toThrow('ENOENT');
	// Every call of it went in: now the file about them goes too.
	writeFileSync(path.join(folder, 'calls.csv'), head);
	await bring(folder, { removeOriginals: true });
	expect(() => readFileSync(path.join(folder, 'calls.csv'))).toThrow('ENOENT');
});

test('the report of what was rejected holds masked numbers only, and no formula', async () => {
	const folder = newFolder();
	writeFileSync(path.join(folder, 'bad.wav'), 'no sound');
	const answered = new Date(Date.now() - 5 * 24 * 3600_000);
	writeFileSync(
		path.join(folder, 'calls.csv'),
		[
			'answered,disconnected,direction,line,service_number,customer_number,employee,audio',
			`${answered.toISOString()},${new Date(answered.getTime() + 4000).toISOString()},received,customer_service,+35820071004,+358491730566,aino,bad.wav`
		].join('\n')
	);
	const file = path.join(newFolder(), 'report.csv');
	await writeReport(file, await bring(folder));
	const text = readFileSync(file, 'utf8');
	expect(text).toContain("'+358491730***");
	expect(text).toContain('audio_unreadable');
	expect(text).not.toContain('491730566');
	await expect(writeReport(file, await bring(folder))).rejects.toMatchObject({ code: 'EEXIST' });
});

test('a call whose storing was cut short is stored anew, once, and then counts', async () => {
	const folder = newFolder();
	sound(path.join(folder, 'short.wav'), []);
	const answered = new Date(Date.now() - 4 * 24 * 3600_000);
	writeFileSync(
		path.join(folder, 'calls.csv'),
		[
			'answered,disconnected,direction,line,service_number,customer_number,employee,audio',
			`${answered.toISOString()},${new Date(answered.getTime() + 4000).toISOString()},received,customer_service,+35820071005,+358491730566,aino,short.wav`
		].join('\n')
	);
	expect(await bring(folder)).toMatchObject({ imported: 1 });
	const [before] = await stored('service_number = "+35820071005"');
	await house.superuser.collection('recordings').update(before?.id ?? '', { checked: '' });
	expect(await bring(folder)).toMatchObject({ imported: 1, known: 0 });
	expect(await bring(folder)).toMatchObject({ imported: 0, known: 1 });
	const after = await stored('service_number = "+35820071005"');
	expect(after.map(({ id }) => id)).toEqual([before?.id]);
	expect(after[0]?.audio).not.toBe(before?.audio);
});

test.each<[string, string, (file: string) => void]>([
	['a header that claims a hundred hours', 'audio_cut_off', (file) => claim(file, 0xfffffff0)],
	['a header that claims ten hours', 'audio_cut_off', (file) => claim(file, 10 * 3600 * 8000 * 2)],
	['a header that claims nothing', 'audio_no_duration', (file) => claim(file, 0, 0)],
	['a RIFF of one byte', 'audio_unreadable', (file) => writeFileSync(file, 'R')],
	[
		'an archive that calls itself .wav',
		'audio_unreadable',
		(file) => writeFileSync(file, Buffer.from('504b0304', 'hex'))
	],
	['a megabyte of zeros', 'audio_unreadable', (file) => writeFileSync(file, Buffer.alloc(1024 * 1024))]
])('%s is rejected', async (_, reason, make) => {
	const folder = newFolder();
	make(path.join(folder, 'x.wav'));
	const answered = new Date(Date.now() - 3 * 24 * 3600_000);
	writeFileSync(
		path.join(folder, 'calls.csv'),
		[
			'\uFEFFanswered,disconnected,direction,line,service_number,customer_number,employee,audio',
			`${answered.toISOString()},${new Date(answered.getTime() + 4000).toISOString()},received,customer_service,+35820071004,+358491730566,aino,x.wav`,
			`${'x'.repeat(1024 * 1024)},,,,,,,`
		].join('\n')
	);
	const { imported, rejected } = await bring(folder);
	expect(imported).toBe(0);
	expect(rejected).toMatchObject([
		{ line: 2, reason },
		{ line: 3, reason: 'answered' }
	]);
});

test('an hour of silence in a few kilobytes goes in within its limits, and is reported as longer than its call', async () => {
	const folder = newFolder();
	ffmpeg(['-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono:d=3600', '-c:a', 'flac', path.join(folder, 'x.flac')]);
	const answered = new Date(Date.now() - 3 * 24 * 3600_000);
	writeFileSync(
		path.join(folder, 'calls.csv'),
		[
			'answered,disconnected,direction,line,service_number,customer_number,employee,audio',
			`${answered.toISOString()},${new Date(answered.getTime() + 4000).toISOString()},received,customer_service,+35820071006,,aino,x.flac`
		].join('\n')
	);
	expect(await bring(folder)).toMatchObject({ imported: 1, warnings: [{ line: 2, differenceMs: 3_596_000 }] });
});

/** A WAV with 100 bytes of sound whose header says that there are so many. */
function claim(file: string, bytes: number, really = 100): void {
	const wave = Buffer.from(alaw(new Uint8Array(really), 2));
	wave.writeUInt32LE(bytes, 40);
	writeFileSync(file, wave);
}
