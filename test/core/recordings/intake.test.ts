import { execFile, execFileSync, type ExecFileException } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { intake, type Intake, type Orders } from '#recordings/intake.ts';
import { recordings, type Recording } from '#recordings/recording.ts';
import { candidates } from '#recordings/search.ts';
import { helsinkiDay } from '#sealing/day.ts';
import { people, type Person } from '#staff/person.ts';
import { openPocketbase } from '#pocketbase/pocketbase.ts';
import { openHouse, type House } from '../../support/house.ts';
import * as plant from '../../support/plant.ts';
import { ffmpeg, kinds, makeSound } from './make-sound.ts';

const header = 'answered,disconnected,direction,line,service_number,customer_number,employee,audio';
const program = fileURLToPath(new URL('../../../src/commands/kuuntelupiste.ts', import.meta.url));
const tenDaysAgo = Date.now() - 10 * 24 * 3600_000;
/** Nobody's numbers; each has digits that stand nowhere else. */
const numbers = ['+358491730561', '+358491730562', '0491730563', '00358 49 173 0564'];

let house: House;
let employee: Person;
let team: string;
let intakeClient: Awaited<ReturnType<typeof openPocketbase>>['service'];
const folders: string[] = [];

beforeAll(async () => {
	house = await openHouse();
	team = (await plant.team(house)).id;
	employee = (await plant.person(house, ['agent'], { signInName: 'aino', name: 'Aino Malli', team })).person;
	const secret = await house.register.keyring.readSecret('service-intake');
	intakeClient = (await openPocketbase(house.url, 'intake', secret)).service;
});
afterAll(async () => {
	await house?.close();
	for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(): string {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-export-'));
	folders.push(folder);
	return folder;
}

let minutes = 0;
/** A row of a call that is like no other; `seconds` long. */
function row(fields: Partial<Record<string, string>> = {}, seconds = 2): string {
	const answered = new Date(tenDaysAgo + ++minutes * 60_000);
	return Object.values({
		answered: answered.toISOString(),
		disconnected: new Date(answered.getTime() + seconds * 1000).toISOString(),
		direction: 'received',
		line: 'customer_service',
		service_number: '+35820071000',
		customer_number: numbers[0],
		employee: 'aino',
		audio: 'pcm.wav',
		...fields
	}).join(',');
}

function write(folder: string, ...rows: string[]): void {
	writeFileSync(path.join(folder, 'calls.csv'), [header, ...rows].join('\n'));
}

function bring(folder: string, orders: Orders = {}): Promise<Intake> {
	const ground = {
		client: intakeClient,
		keyring: house.register.keyring,
		now: house.register.now,
		employeeOf: (name: string) => people(intakeClient).first({ filter: 'sign_in_name = {:name}', params: { name } })
	};
	return intake(ground, folder, orders);
}

async function newest(): Promise<Recording> {
	const [found] = await recordings(house.superuser).list({ filter: '', sort: '-created', limit: 1 });
	if (!found) throw new Error('nothing was stored');
	return found;
}

test('a call goes in with the facts of § 5, sealed to its day, and with nothing else', async () => {
	const folder = newFolder();
	makeSound(path.join(folder, 'pcm.wav'), ['-c:a', 'pcm_alaw'], { seconds: 3 });
	write(folder, row({ direction: 'made', line: 'telesales' }, 3));
	expect(await bring(folder)).toEqual({ imported: 1, known: 0, past: 0, rejected: [], warnings: [], unit: 'line' });

	const stored = await newest();
	const plain = readFileSync(path.join(folder, 'pcm.wav'));
	expect(stored).toMatchObject({
		durationMs: 3000,
		direction: 'made',
		line: 'telesales',
		serviceNumber: '+35820071000',
		customerNumberMasked: '+358491730***',
		employee: employee.id,
		employeeName: 'Aino Malli',
		team,
		audioType: 'audio/wav',
		audioBytes: plain.length,
		audioSha256: createHash('sha256').update(plain).digest('hex'),
		keyDay: helsinkiDay(stored.answered),
		channels: 2
	});
	expect(stored.audio).toMatch(/^sealed_\w+\.age$/);
	expect(stored.peaks.map((lane) => lane.length)).toEqual([800, 800]);
	expect(stored.destroyAfter.getTime()).toBeGreaterThan(stored.disconnected.getTime() + 175 * 24 * 3600_000);
});

test("Debian's age opens what was stored with the day's identity, and gives the very file of the export", async () => {
	const stored = await newest();
	const token = await house.superuser.files.getToken();
	const address = `${house.url}/api/files/recordings/${stored.id}/${stored.audio}?token=${token}`;
	const sealed = Buffer.from(await (await fetch(address)).arrayBuffer());
	expect(sealed.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
	const identity = path.join(newFolder(), 'identity');
	writeFileSync(identity, await house.register.keyring.identityFor(stored.keyDay), { mode: 0o600 });
	const opened = execFileSync('age', ['-d', '-i', identity], { input: sealed, maxBuffer: 1e8 });
	expect(createHash('sha256').update(opened).digest('hex')).toBe(stored.audioSha256);
});

test('every kind of audio goes in, and the same folder again brings nothing twice', async () => {
	const folder = newFolder();
	for (const { name, words } of kinds) makeSound(path.join(folder, name), words);
	write(folder, ...kinds.map(({ name }) => row({ audio: name })));
	const steps: number[][] = [];
	expect(await bring(folder, { onProgress: (done, total) => void steps.push([done, total]) })).toEqual({
		imported: kinds.length,
		known: 0,
		past: 0,
		rejected: [],
		warnings: [],
		unit: 'line'
	});
	expect(steps.at(0)).toEqual([0, kinds.length]);
	expect(steps.at(-1)).toEqual([kinds.length, kinds.length]);
	expect(await bring(folder)).toMatchObject({ imported: 0, known: kinds.length, rejected: [], warnings: [] });
});

test('the same call under another file name and with its number written otherwise is known', async () => {
	const folder = newFolder();
	makeSound(path.join(folder, 'first.wav'), [], { pitch: 500 });
	makeSound(path.join(folder, 'second.wav'), [], { pitch: 500 });
	const first = row({ audio: 'first.wav', customer_number: '0491730561' });
	write(folder, first, first.replace('0491730561', '+358 49 173 0561').replace('first.wav', 'second.wav'));
	const result = await bring(folder);
	expect([result.imported, result.known, result.rejected]).toEqual([1, 1, []]);
});

test('hostile and broken rows are rejected by line and reason, and the rest goes in', async () => {
	const folder = newFolder();
	const file = (name: string): string => path.join(folder, name);
	makeSound(file('pcm.wav'), ['-c:a', 'pcm_s16le']);
	makeSound(file('call.flac'), ['-c:a', 'flac'], { seconds: 4 });
	makeSound(file('call.webm'), ['-c:a', 'libopus'], { seconds: 4 });
	const outside = path.join(newFolder(), 'outside.wav');
	makeSound(outside, [], { pitch: 600 });
	symlinkSync(outside, file('link.wav'));
	symlinkSync('pcm.wav', file('near-link.wav'));
	mkdirSync(file('folder.wav'));
	execFileSync('mkfifo', [file('pipe.wav')]);
	writeFileSync(file('text.wav'), 'not a sound\n'.repeat(5000));
	writeFileSync(file('empty.wav'), '');
	writeFileSync(file('cut.wav'), readFileSync(file('pcm.wav')).subarray(0, 20_000));
	writeFileSync(file('cut.flac'), readFileSync(file('call.flac')).subarray(0, 15_000));
	writeFileSync(file('cut.webm'), readFileSync(file('call.webm')).subarray(0, 9000));
	ffmpeg(['-i', file('pcm.wav'), '-c:a', 'libvorbis', file('vorbis.ogg')]);
	const cases: [string, string | undefined][] = [
		[row(), undefined],
		[row({ audio: 'text.wav' }), 'audio_unreadable'],
		[row({ audio: 'empty.wav' }), 'audio_unreadable'],
		[row({ audio: 'cut.wav' }), 'audio_cut_off'],
		[row({ audio: 'cut.flac' }), 'audio_cut_off'],
		[row({ audio: 'cut.webm' }), 'audio_cut_off'],
		[row({ audio: 'vorbis.ogg' }), undefined],
		[row({ audio: 'link.wav' }), 'audio_not_plain'],
		[row({ audio: 'near-link.wav' }), 'audio_not_plain'],
		[row({ audio: 'folder.wav' }), 'audio_not_plain'],
		[row({ audio: 'pipe.wav' }), 'audio_not_plain'],
		[row({ audio: 'nothing.wav' }), 'audio_missing'],
		[row({ audio: `../${path.basename(path.dirname(outside))}/outside.wav` }), 'audio'],
		[row({ audio: 'pcm.wav\0' }), 'not_text'],
		[row({ audio: '"pcm.wav' }), 'quotes'],
		[row({ employee: 'nobody' }), 'unknown_employee'],
		[row({ employee: `x' || true || '` }), 'employee'],
		[row({ customer_number: '04917305x1' }), 'customer_number'],
		[row({ answered: '2026-11-20T09:15:00' }), 'answered'],
		[row({ answered: '2020-01-01T10:00:00+02:00', disconnected: '2020-01-01T10:00:02+02:00' }), undefined],
		[row({ answered: '2120-01-01T10:00:00+02:00', disconnected: '2120-01-01T10:00:02+02:00' }), 'in_future'],
		[row(), undefined]
	];
	write(folder, ...cases.map(([text]) => text));
	const result = await bring(folder);
	expect(result.rejected.map(({ line, reason }) => ({ line, reason }))).toEqual(
		cases.flatMap(([, reason], index) => (reason ? [{ line: index + 2, reason }] : []))
	);
	expect([result.imported, result.known, result.past]).toEqual([3, 0, 1]);
});

test('a call whose audio differs from it by more than two seconds goes in and is reported', async () => {
	const folder = newFolder();
	makeSound(path.join(folder, 'pcm.wav'), [], { seconds: 4, pitch: 700 });
	write(folder, row({}, 10), row({}, 5), row({}, 1));
	const { imported, warnings } = await bring(folder);
	expect(imported).toBe(3);
	expect(warnings).toEqual([
		{ line: 2, differenceMs: -6000 },
		{ line: 4, differenceMs: 3000 }
	]);
	expect((await newest()).durationMs % 1000).toBe(0);
});

test('a folder that exports nothing is refused in one line', async () => {
	await expect(bring(newFolder())).rejects.toMatchObject({ kind: 'missing', reason: 'no_export' });
});

test('when the keyring cannot be written the import stops, and the folder can be brought again', async () => {
	const folder = newFolder();
	makeSound(path.join(folder, 'pcm.wav'), [], { pitch: 800 });
	write(folder, row(), row(), row(), row());
	let asked = 0;
	const ground = {
		client: intakeClient,
		keyring: {
			recipientFor(day: string) {
				if (++asked > 2) throw Object.assign(new Error('the disk is gone'), { code: 'EIO' });
				return house.register.keyring.recipientFor(day);
			},
			identityFor: (day: string) => house.register.keyring.identityFor(day)
		},
		now: house.register.now,
		employeeOf: async () => employee
	};
	await expect(intake(ground, folder)).rejects.toThrow('the disk is gone');
	const again = await bring(folder);
	expect(again.imported + again.known).toBe(4);
	expect(again.known).toBeLessThanOrEqual(2);
});

test('of the full numbers in rows and file names nothing is left anywhere in the data folder', async () => {
	const folder = newFolder();
	const names = numbers.map((number, index) => `${number.replaceAll(' ', '')}_call${index}.wav`);
	names.forEach((name, index) => makeSound(path.join(folder, name), [], { pitch: 900 + index }));
	const bad = `${numbers[1]?.slice(1)}-bad.wav`;
	writeFileSync(path.join(folder, bad), 'no sound');
	write(
		folder,
		...names.map((audio, index) => row({ audio, customer_number: numbers[index] })),
		row({ audio: bad, customer_number: numbers[2] }),
		row({ audio: '491730564-not-there.wav', customer_number: `${numbers[3]}x` })
	);
	const words = ['import', folder];
	const { stdout, stderr, status } = await run(words);
	expect(stdout.trimEnd().split('\n').at(-1)).toBe('4 imported, 0 already known, 0 past retention, 2 rejected');
	expect(stderr.trimEnd().split('\n')).toEqual([
		expect.stringMatching(/^line 6: the audio is empty, damaged/),
		expect.stringMatching(/^line 7: customer_number is no telephone number$/),
		expect.stringMatching(/^What was rejected, and why, is in intake\/rejected-\w+\.csv of the data folder\.$/)
	]);
	expect(status).toBe(1);

	// The subscriber's digits, as every spelling of these numbers has them.
	const digits = ['491730561', '491730562', '491730563', '491730564'];
	expect(digits.filter((number) => stdout.includes(number) || stderr.includes(number))).toEqual([]);
	const files = readdirSync(house.data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	expect(files.some(({ name }) => name === 'data.db-wal')).toBe(true);
	const holding = (text: string): string[] =>
		files
			.filter(({ name, parentPath }) => name.includes(text) || readFileSync(path.join(parentPath, name)).includes(text))
			.map(({ name }) => name);
	// What must be there is found, so what is not found is not there.
	expect(holding('+358491730***')).not.toEqual([]);
	expect(digits.flatMap(holding)).toEqual([]);
});

test('the command ends with exit code 0 when every row went in or was known', async () => {
	const folder = newFolder();
	makeSound(path.join(folder, 'pcm.wav'), [], { pitch: 1000 });
	write(folder, row());
	expect(await run(['import', folder])).toMatchObject({
		stdout: '1 imported, 0 already known, 0 past retention, 0 rejected\n',
		stderr: '',
		status: 0
	});
	expect(await run(['import', folder])).toMatchObject({
		stdout: '0 imported, 1 already known, 0 past retention, 0 rejected\n',
		stderr: '',
		status: 0
	});
});

/** Runs the command beside the house, which lives on meanwhile, as a server would. */
function run(words: string[]): Promise<{ stdout: string; stderr: string; status: ExecFileException['code'] }> {
	const env = { ...process.env, KUUNTELUPISTE_DATA: house.data, KUUNTELUPISTE_MASTER_KEY: house.masterKey };
	return new Promise((resolve) => {
		execFile(process.execPath, [program, ...words], { env }, (fault, stdout, stderr) =>
			resolve({ stdout, stderr, status: fault ? fault.code : 0 })
		);
	});
}

test('the contact person finds a call by time and masked number, and a full number goes no further than the mask', async () => {
	const { as } = await plant.person(house, ['contact_person']);
	const folder = newFolder();
	makeSound(path.join(folder, 'pcm.wav'), [], { pitch: 1100 });
	const answered = new Date(tenDaysAgo - 5 * 24 * 3600_000);
	const span = {
		from: new Date(answered.getTime() - 3600_000),
		to: new Date(answered.getTime() + 3600_000),
		limit: 10
	};
	const times = (offset: number) => ({
		answered: new Date(answered.getTime() + offset).toISOString(),
		disconnected: new Date(answered.getTime() + offset + 2000).toISOString()
	});
	write(
		folder,
		row({ ...times(0), customer_number: '+358497770001' }),
		row({ ...times(60_000), customer_number: '+358497770999', direction: 'made' }),
		row({ ...times(120_000), customer_number: '+358497771000', line: 'telesales' }),
		row({ ...times(180_000), customer_number: '' })
	);
	expect((await bring(folder)).imported).toBe(4);
	const found = async (clues: Partial<Parameters<typeof candidates>[1]>): Promise<string[]> =>
		(await candidates(as, { ...span, ...clues })).map((one) => one.customerNumberMasked);
	const masked = '+358497770***';
	expect(await found({})).toEqual(['', '+358497771***', masked, masked]);
	expect(await found({ maskedNumber: masked })).toEqual([masked, masked]);
	expect(await found({ maskedNumber: '049 777 0123' })).toEqual([masked, masked]);
	expect(await found({ maskedNumber: masked, direction: 'made' })).toEqual([masked]);
	expect(await found({ line: 'telesales' })).toEqual(['+358497771***']);
	expect(await found({ employee: 'nobodyatall0000' })).toEqual([]);
	expect(await found({ limit: 1 })).toEqual(['']);
	expect(await found({ to: answered })).toEqual([]);
	await expect(found({ maskedNumber: `' || id != ''` })).rejects.toMatchObject({ kind: 'invalid' });
});
