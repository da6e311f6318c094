// Speaks the texts in calls/*.txt into two-channel telephone audio, and makes the kiosk's test sound.
// Run: `npm exec -- node src/demo/make-calls.ts [name …]`; needs Debian's espeak-ng and ffmpeg. Same versions, same bytes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { calls, callsFolder, type DemoAgent } from './calls.ts';

/** Samples per second of espeak-ng's output, in which the calls are mixed. */
const rate = 22_050;

interface Voice {
	variant: string;
	pitch: number;
	speed: number;
	level: number;
}

type Side = 'customer' | 'clerk';

interface Line {
	side: Side;
	/** Heated, or softer than usual. */
	mood: '' | '!' | '~';
	/** Said into the end of the line before. */
	early: boolean;
	text: string;
}

const clerks: Record<DemoAgent, Voice> = {
	agent: { variant: 'm4', pitch: 54, speed: 179, level: 0 },
	aino: { variant: 'f4', pitch: 56, speed: 176, level: 0 },
	bengt: { variant: 'm1', pitch: 42, speed: 168, level: 0 },
	carola: { variant: 'f3', pitch: 46, speed: 175, level: 0 },
	daniel: { variant: 'm7', pitch: 46, speed: 170, level: 0 },
	emma: { variant: 'f2', pitch: 60, speed: 177, level: 0 }
};

const moods = {
	'': { pitch: 0, speed: 0, level: 0 },
	'!': { pitch: 12, speed: 18, level: 4 },
	'~': { pitch: -4, speed: -14, level: -3 }
};

/** Loudness of speech before a voice's own level, and of the line's noise; both as root mean square, 1 is full scale. */
const speechLevel = 0.09;
const noiseLevel = 0.0006;

const wanted = process.argv.slice(2);
for (const call of calls) {
	if (wanted.length > 0 && !wanted.includes(call.name)) continue;
	const text = readFileSync(new URL(`${call.name}.txt`, callsFolder), 'utf8');
	const out = fileURLToPath(new URL(`${call.name}.webm`, callsFolder));
	encodeCall(mix(text, call.language, clerks[call.employee], random(call.name)), out);
	const seconds = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', out]);
	const milliseconds = Math.round(Number(seconds) * 1000);
	const differs = milliseconds === call.durationMs ? '' : `  the table says ${call.durationMs}`;
	console.log(`${call.name}  durationMs: ${milliseconds}${differs}`);
}
if (wanted.length === 0) encodeChime(fileURLToPath(new URL('../../static/headset-check.webm', import.meta.url)));

/** The whole call: customer left, clerk right, interleaved. */
function mix(script: string, language: string, clerk: Voice, next: () => number): Float32Array {
	const [, voiceLine = '', ...rest] = script.split('\n');
	const voices: Record<Side, Voice> = { customer: parseVoice(voiceLine), clerk };
	const placed: { channel: 0 | 1; start: number; sound: Float32Array }[] = [];
	let end = Math.round(0.5 * rate);
	let speaker: Side | undefined;
	for (const row of rest.filter((row) => row !== '')) {
		const pause = /^pause ([\d.]+)$/.exec(row)?.[1];
		if (pause !== undefined) {
			end += Math.round(Number(pause) * rate);
			continue;
		}
		const line = parseLine(row);
		const gap = line.early ? -0.3 : line.side === speaker ? 0.15 + 0.2 * next() : 0.25 + 0.45 * next();
		const start = Math.max(0, end + Math.round(gap * rate));
		const sound = speak(line, language, voices[line.side], next);
		placed.push({ channel: line.side === 'customer' ? 0 : 1, start, sound });
		// A word thrown in does not stop the one who is speaking.
		end = line.early ? Math.max(end, start + Math.round(sound.length / 2)) : start + sound.length;
		speaker = line.side;
	}
	const length = Math.max(...placed.map(({ start, sound }) => start + sound.length)) + Math.round(0.6 * rate);
	const mixed = new Float32Array(length * 2).map(() => noiseLevel * Math.sqrt(3) * (2 * next() - 1));
	for (const { channel, start, sound } of placed) {
		sound.forEach((value, index) => {
			const at = (start + index) * 2 + channel;
			mixed[at] = (mixed[at] ?? 0) + value;
		});
	}
	return mixed;
}

function parseVoice(line: string): Voice {
	const match = /^customer voice: (\w+), pitch (\d+), speed (\d+), level (-?\d+)$/.exec(line);
	if (!match) throw new Error(`not a voice: ${line}`);
	const [, variant = '', pitch, speed, level] = match;
	return { variant, pitch: Number(pitch), speed: Number(speed), level: Number(level) };
}

function parseLine(row: string): Line {
	const match = /^(\+?)(customer|clerk)([!~]?): (.+)$/.exec(row);
	if (!match) throw new Error(`not a line of a call: ${row}`);
	const [, early, side, mood, text = ''] = match;
	return {
		side: side === 'customer' ? 'customer' : 'clerk',
		mood: mood === '!' || mood === '~' ? mood : '',
		early: early === '+',
		text
	};
}

/** One line at its voice's loudness, without the silence around it. */
function speak(line: Line, language: string, voice: Voice, next: () => number): Float32Array {
	const mood = moods[line.mood];
	const pitch = Math.round(voice.pitch + mood.pitch + 6 * (next() - 0.5));
	const speed = Math.round(voice.speed + mood.speed + 12 * (next() - 0.5));
	const voiceName = `${language}+${voice.variant}`;
	const wav = execFileSync('espeak-ng', ['-v', voiceName, '-p', `${pitch}`, '-s', `${speed}`, '--stdout', line.text]);
	const data = wav.subarray(wav.indexOf('data') + 8);
	const samples = Float32Array.from({ length: data.length >> 1 }, (_, index) => data.readInt16LE(index * 2) / 32_768);
	const first = samples.findIndex((value) => Math.abs(value) > 0.005);
	const last = samples.findLastIndex((value) => Math.abs(value) > 0.005);
	const sound = samples.subarray(first, last + 1);
	const power = sound.reduce((sum, value) => sum + value * value, 0) / sound.length;
	const gain = (speechLevel / Math.sqrt(power)) * 10 ** ((voice.level + mood.level) / 20);
	return sound.map((value) => value * gain);
}

function encodeCall(mixed: Float32Array, out: string): void {
	const telephone = 'highpass=f=300,highpass=f=300,lowpass=f=3400,lowpass=f=3400,alimiter=limit=0.9:level=0';
	// Measured with libopus 1.3.1: from 16 kHz, or below 18 kbit/s, it folds the two speakers into one.
	ffmpeg(
		['-f', 'f32le', '-ar', `${rate}`, '-ac', '2', '-i', 'pipe:0', '-af', telephone, '-ar', '8000'],
		['-b:a', '18k', '-frame_duration', '120', '-application', 'voip'],
		out,
		Buffer.from(mixed.buffer)
	);
}

/** Three soft notes, one over the other (G, C, E), four seconds, for trying the headset. */
function encodeChime(out: string): void {
	const notes = [392, 523.25, 659.25].map((frequency, index) => {
		const since = `(t-${0.15 + index * 0.8})`;
		const tone = `sin(2*PI*${frequency}*${since})+0.3*sin(4*PI*${frequency}*${since})`;
		return `gte(${since},0)*0.16*(1-exp(-40*${since}))*exp(-2.2*${since})*(${tone})`;
	});
	const source = `aevalsrc='${notes.join('+')}':s=48000:d=4,afade=t=out:st=3.5:d=0.5`;
	ffmpeg(['-f', 'lavfi', '-i', source], ['-b:a', '40k', '-application', 'audio'], out);
}

/** Opus in WebM, its index in front so that it can be sought before it is whole, and nothing in it that changes by run. */
function ffmpeg(source: string[], opus: string[], out: string, input?: Buffer): void {
	const exact = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact'];
	const target = ['-c:a', 'libopus', ...opus, ...exact, '-cues_to_front', '1', '-y', out];
	execFileSync('ffmpeg', ['-v', 'error', ...source, ...target], { input });
}

/** Numbers from 0 to 1 that are the same for the same name in every run (mulberry32 on an FNV-1a hash). */
function random(name: string): () => number {
	let state = [...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193), 0x811c9dc5);
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
