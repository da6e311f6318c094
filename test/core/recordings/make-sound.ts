import { execFileSync } from 'node:child_process';

/** ffmpeg's words for every kind of file that the register takes, by file name ending. */
export const kinds = [
	{ name: 'pcm.wav', words: ['-c:a', 'pcm_s16le'], codec: 'pcm_s16le', type: 'audio/wav' },
	{ name: 'eight-bit.wav', words: ['-c:a', 'pcm_u8'], codec: 'pcm_u8', type: 'audio/wav' },
	{ name: 'alaw.wav', words: ['-c:a', 'pcm_alaw'], codec: 'pcm_alaw', type: 'audio/wav' },
	{ name: 'mulaw.wav', words: ['-c:a', 'pcm_mulaw'], codec: 'pcm_mulaw', type: 'audio/wav' },
	{ name: 'call.mp3', words: ['-c:a', 'libmp3lame'], codec: 'mp3', type: 'audio/mpeg' },
	{ name: 'call.m4a', words: ['-c:a', 'aac'], codec: 'aac', type: 'audio/mp4' },
	{ name: 'call.ogg', words: ['-c:a', 'libopus'], codec: 'opus', type: 'audio/ogg' },
	{ name: 'call.webm', words: ['-c:a', 'libopus'], codec: 'opus', type: 'audio/webm' },
	{ name: 'call.flac', words: ['-c:a', 'flac'], codec: 'flac', type: 'audio/flac' }
] as const;

interface Sound {
	seconds?: number;
	/** A tone a channel: its loudness from 0 to 1. */
	levels?: number[];
	/** Each tone's pitch, so that two sounds differ. */
	pitch?: number;
}

/** Makes an audio file of tones with ffmpeg: 8 kHz, a channel for each level. */
export function makeSound(
	file: string,
	words: readonly string[],
	{ seconds = 2, levels = [0.5, 0.25], pitch = 440 }: Sound = {}
): void {
	const tones = levels.map((level) => `${level}*sin(${pitch}*2*PI*t)`).join('|');
	ffmpeg(['-f', 'lavfi', '-i', `aevalsrc=${tones}:d=${seconds}:s=8000`, ...words, file]);
}

export function ffmpeg(words: readonly string[]): void {
	execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
}
