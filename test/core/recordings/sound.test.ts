import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';
import { hear } from '#recordings/heard.ts';
import { openOriginals } from '#recordings/originals.ts';
import { loudness, loudnessOf, Meter, peaksPerLane } from '#recordings/peaks.ts';
import { probe } from '#recordings/probe.ts';
import { alaw, mulaw } from '#recordings/telephone.ts';
import { isCutOff, plainWave } from '#recordings/wave.ts';
import { ffmpeg, kinds, makeSound } from './make-sound.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-sound-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => path.join(folder, name);

async function opened<T>(name: string, look: (file: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
	const file = await open(at(name));
	try {
		return await look(file);
	} finally {
		await file.close();
	}
}

test.each(kinds)(
	'$name is known for what it is, and how loud it is along the way',
	async ({ name, words, codec, type }) => {
		makeSound(at(name), words, { seconds: 2 });
		const sound = await opened(name, probe);
		expect(sound).toMatchObject({ codec, type, channels: 2 });
		expect(sound.durationMs).toBeGreaterThan(1950);
		expect(sound.durationMs).toBeLessThan(2300);
		const heard = await opened(name, (file) => loudness(file, 2));
		expect(heard?.durationMs).toBeGreaterThan(1950);
		expect(heard?.peaks.map((lane) => lane.length)).toEqual([peaksPerLane, peaksPerLane]);
		const [customer = 0, clerk = 0] = (heard?.peaks ?? []).map((lane) => lane[400]);
		// Lossy codecs move a peak by a few hundredths.
		expect(Math.abs(customer - 50)).toBeLessThan(12);
		expect(Math.abs(clerk - 25)).toBeLessThan(12);
	}
);

test('a mono call has one lane', async () => {
	makeSound(at('mono.wav'), [], { levels: [1] });
	expect(await opened('mono.wav', probe)).toMatchObject({ channels: 1 });
	const heard = await opened('mono.wav', (file) => loudness(file, 1));
	expect(heard?.peaks).toHaveLength(1);
	expect(heard?.peaks[0]?.[400]).toBe(100);
});

test('silence then sound shows where the sound begins', async () => {
	ffmpeg([
		...['-f', 'lavfi', '-i', 'aevalsrc=if(gt(t\\,5)\\,0.5*sin(2000*t)\\,0)|0:d=10:s=8000'],
		...['-c:a', 'pcm_s16le', at('late.wav')]
	]);
	const { peaks: [first = [], second = []] = [] } = (await opened('late.wav', (file) => loudness(file, 2))) ?? {};
	expect(Math.max(...first.slice(0, 399))).toBe(0);
	expect(Math.min(...first.slice(401))).toBe(50);
	expect(Math.max(...second)).toBe(0);
});

const hostile: [string, string, () => void][] = [
	['text that calls itself .wav', 'audio_unreadable', () => writeFileSync(at('x'), 'this is no sound\n'.repeat(3000))],
	['an empty file', 'audio_unreadable', () => writeFileSync(at('x'), '')],
	['a web page', 'audio_unreadable', () => writeFileSync(at('x'), '<html><script>1</script></html>')],
	[
		'a playlist of another file',
		'audio_unreadable',
		() => writeFileSync(at('x'), `#EXTM3U\n#EXTINF:2,\n${at('pcm.wav')}\n#EXT-X-ENDLIST\n`)
	],
	['a concatenation script', 'audio_unreadable', () => writeFileSync(at('x'), `ffconcat version 1.0\nfile pcm.wav\n`)],
	['an M4A that was cut off', 'audio_unreadable', () => cut('call.m4a', 3000)],
	[
		'a format that is not on the list, which is not even looked into',
		'audio_unreadable',
		() => makeSound(at('x'), ['-f', 'au'])
	],
	['three channels', 'audio_codec', () => makeSound(at('x'), ['-f', 'wav'], { levels: [0.1, 0.1, 0.1] })],
	[
		'a film',
		'audio_codec',
		() =>
			ffmpeg(['-f', 'lavfi', '-i', 'color=c=black:s=64x64:d=1', '-f', 'lavfi', '-i', 'sine=d=1', '-f', 'mp4', at('x')])
	],
	[
		'a WebM without its length',
		'audio_no_duration',
		() => writeFileSync(at('x'), execFileSync('ffmpeg', ['-v', 'error', '-i', at('pcm.wav'), '-f', 'webm', 'pipe:1']))
	],
	[
		'a WAV with a number in its title',
		'audio_tags',
		() => makeSound(at('x'), ['-metadata', 'title=Call 040 123 4567', '-f', 'wav'])
	],
	[
		'an MP3 with a number in its comment',
		'audio_tags',
		() => makeSound(at('x'), ['-metadata', 'comment=from +358401234567', '-f', 'mp3'])
	]
];
function cut(name: string, bytes: number): void {
	writeFileSync(at('x'), readFileSync(at(name)).subarray(0, bytes));
}

test.each(hostile)('%s is rejected: %s', async (_, reason, make) => {
	for (const { name, words } of kinds)
		if (['pcm.wav', 'call.m4a', 'call.webm'].includes(name)) makeSound(at(name), words);
	make();
	await expect(opened('x', probe)).rejects.toMatchObject({ kind: 'invalid', reason });
});

test.each([
	['Vorbis in Ogg', ['-c:a', 'libvorbis', '-f', 'ogg']],
	['ADPCM in WAV', ['-c:a', 'adpcm_ima_wav', '-f', 'wav']],
	['GSM 6.10', ['-ac', '1', '-c:a', 'libgsm', '-f', 'gsm']],
	['GSM in WAV', ['-ac', '1', '-c:a', 'libgsm_ms', '-f', 'wav']]
])('%s is read, and said to need another form', async (_, words) => {
	makeSound(at('x'), words);
	const sound = await opened('x', probe);
	expect(sound.type).toBeUndefined();
	expect(sound.durationMs).toBeGreaterThan(1900);
});

test.each([
	['ADPCM', ['-c:a', 'adpcm_ms']],
	['GSM', ['-ac', '1', '-c:a', 'libgsm_ms']]
])('a long call in a WAV of blocks (%s), which guesses its length, is no shorter than it is', async (_, words) => {
	makeSound(at('blocks.wav'), words, { seconds: 120 });
	expect((await opened('blocks.wav', probe)).durationMs).toBeGreaterThan(119_900);
	const originals = await openOriginals(folder, ['blocks.wav']);
	const heard = await hear(originals).finally(() => originals.close());
	expect(Math.abs(heard.durationMs - 120_000)).toBeLessThan(200);
	expect(heard.type).toBe('audio/ogg');
});

test('ordinary tags are no fault', async () => {
	makeSound(at('tags.flac'), ['-metadata', 'title=Call of 2026-11-20', '-metadata', 'date=20261120']);
	await expect(opened('tags.flac', probe)).resolves.toMatchObject({ codec: 'flac' });
});

test('without ffprobe the import says what to install', async () => {
	writeFileSync(at('any'), 'x');
	vi.stubEnv('PATH', folder);
	try {
		await expect(opened('any', probe)).rejects.toMatchObject({
			kind: 'unavailable',
			reason: 'ffmpeg_missing',
			detail: expect.stringContaining('apt-get install ffmpeg')
		});
	} finally {
		vi.unstubAllEnvs();
	}
});

test('a WAV that ends before its header says is noticed, at whatever byte', () => {
	makeSound(at('whole.wav'), ['-c:a', 'pcm_alaw'], { seconds: 1 });
	const whole = readFileSync(at('whole.wav'));
	expect(isCutOff(whole)).toBe(false);
	fc.assert(
		fc.property(fc.integer({ min: 4, max: whole.length - 1 }), (bytes) => {
			expect(isCutOff(whole.subarray(0, bytes))).toBe(true);
		})
	);
	const piped = execFileSync('ffmpeg', ['-v', 'error', '-i', at('whole.wav'), '-f', 'wav', 'pipe:1']);
	expect(isCutOff(piped)).toBe(false);
});

test.each([
	['A-law', ['-c:a', 'pcm_alaw'], 2],
	['µ-law', ['-c:a', 'pcm_mulaw'], 1],
	['16 bits', ['-c:a', 'pcm_s16le'], 2]
])('a WAV of %s is as loud as ffmpeg finds it, without ffmpeg', async (_, words, channels) => {
	const noise = Array.from({ length: channels }, (_, channel) => `random(${channel})*2-1`).join('|');
	ffmpeg(['-f', 'lavfi', '-i', `aevalsrc=${noise}:d=7:s=8000`, ...words, at('noise.wav')]);
	const wave = plainWave(readFileSync(at('noise.wav')));
	const heard = wave && loudnessOf(wave);
	expect(heard?.peaks).toHaveLength(channels);
	expect(heard).toEqual(await opened('noise.wav', (file) => loudness(file, channels)));
	vi.stubEnv('PATH', folder);
	const originals = await openOriginals(folder, ['noise.wav']);
	try {
		expect(await hear(originals)).toMatchObject({ ...heard, channels, type: 'audio/wav' });
	} finally {
		vi.unstubAllEnvs();
		await originals.close();
	}
});

test.each([
	['pcm_alaw', alaw],
	['pcm_mulaw', mulaw]
])('each of the 256 values of %s is what ffmpeg makes of it', (codec, table) => {
	const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
	const words = ['-v', 'error', '-f', codec.replace('pcm_', ''), '-i', 'pipe:0', '-f', 's16le', 'pipe:1'];
	const said = execFileSync('ffmpeg', words, { input: all });
	expect([...table]).toEqual(Array.from(all, (byte) => said.readInt16LE(2 * byte)));
});

test('a WAV with words, with a number, or of which a header says something else is left to ffmpeg', () => {
	makeSound(at('plain.wav'), ['-c:a', 'pcm_alaw']);
	const whole = readFileSync(at('plain.wav'));
	expect(plainWave(whole)).toMatchObject({ codec: 'pcm_alaw', channels: 2, rate: 8000, data: { length: 32_000 } });
	for (const title of ['Call 040 123 4567', '+358401234567']) {
		makeSound(at('x.wav'), ['-c:a', 'pcm_alaw', '-metadata', `title=${title}`]);
		expect(plainWave(readFileSync(at('x.wav')))).toBeUndefined();
	}
	makeSound(at('x.wav'), ['-c:a', 'pcm_alaw', '-write_bext', '1', '-metadata', 'description=040 123 4567']);
	expect(plainWave(readFileSync(at('x.wav')))).toBeUndefined();
	expect(plainWave(Buffer.concat([whole, Buffer.from('040 123 4567')]))).toBeUndefined();
	expect(
		plainWave(execFileSync('ffmpeg', ['-v', 'error', '-i', at('plain.wav'), '-f', 'wav', 'pipe:1']))
	).toBeUndefined();
	for (let bytes = 0; bytes < whole.length; bytes += 97) expect(plainWave(whole.subarray(0, bytes))).toBeUndefined();
	// Tag, channels, rate, bytes a second, bytes a frame, bits a sample.
	for (const at of [20, 22, 24, 28, 32, 34]) {
		const changed = Buffer.from(whole);
		changed[at] = (changed[at] ?? 0) ^ 0x05;
		expect(plainWave(changed), `byte ${at}`).toBeUndefined();
	}
});

test('it makes no difference in what pieces the samples come', () => {
	const samples = fc.uint8Array({ minLength: 4, maxLength: 4000 });
	fc.assert(
		fc.property(samples, fc.integer({ min: 1, max: 500 }), fc.constantFrom(1, 2), (bytes, size, channels) => {
			const whole = new Meter(channels);
			whole.take(Buffer.from(bytes));
			const pieces = new Meter(channels);
			for (let from = 0; from < bytes.length; from += size) pieces.take(Buffer.from(bytes.subarray(from, from + size)));
			expect(pieces.read()).toEqual(whole.read());
			for (const peak of whole.read()?.peaks.flat() ?? [])
				expect(Number.isInteger(peak) && peak >= 0 && peak <= 100).toBe(true);
		})
	);
});

test('the loudest sample of all is never lost in the folding', () => {
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 200_000 }),
			fc.double({ min: 0, max: 0.999, noNaN: true }),
			(length, where) => {
				const samples = new Int16Array(length);
				samples[Math.floor(where * length)] = 32_767;
				const meter = new Meter(1);
				meter.take(Buffer.from(samples.buffer));
				expect(Math.max(...(meter.read()?.peaks[0] ?? []))).toBe(100);
			}
		)
	);
});
