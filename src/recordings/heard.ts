import type { FileHandle } from 'node:fs/promises';
import { inLargePieces, run } from './ffmpeg.ts';
import type { Originals } from './originals.ts';
import { loudness, loudnessOf, type Loudness } from './peaks.ts';
import { probe, type Sound } from './probe.ts';
import { reject } from './rejection.ts';
import { isCutOff, plainWave } from './wave.ts';

/** A call's sound as it goes into the register. */
export interface HeardSound extends Loudness {
	plain: Uint8Array;
	/** The MIME type for the media element. */
	type: string;
	channels: number;
}

/**
 * Listens a call's originals through to the end. What a browser plays goes in as it is; anything else, and a call in two
 * files, becomes Opus in Ogg with a channel a speaker. (Ogg, since it needs no file to be written to: the sound stays in
 * memory.) Refuses with `invalid` and a reason of `rejections`.
 */
export async function hear({ files }: Originals): Promise<HeardSound> {
	const [first, second] = await Promise.all(files.map(listenThrough));
	const [one] = files;
	if (!first || !one) return reject('audio_missing');
	if (!second && first.type) return { ...first, type: first.type, plain: one.bytes };
	if (second && (first.channels > 1 || second.channels > 1)) reject('audio_codec');
	const handles = files.map(({ handle }) => handle);
	return {
		plain: await asOpus(handles, second ? 2 : first.channels),
		type: 'audio/ogg',
		channels: second ? 2 : first.channels,
		durationMs: Math.max(first.durationMs, second?.durationMs ?? 0),
		peaks: [...first.peaks, ...(second?.peaks ?? [])]
	};
}

async function listenThrough({ handle, bytes }: Originals['files'][number]): Promise<Sound & Loudness> {
	const wave = plainWave(bytes);
	const level = wave && loudnessOf(wave);
	// Nearly every recorder writes these; to start ffprobe and ffmpeg for one takes ten times as long as to read it.
	if (level) return { codec: wave.codec, channels: wave.channels, ...level, format: 'wav', type: 'audio/wav' };
	const sound = await probe(handle);
	// Of a WAV that claims more than it has, ffmpeg may give nothing: what is wrong is said by its header.
	if (sound.format === 'wav' && isCutOff(bytes)) reject('audio_cut_off');
	const heard = (await loudness(handle, sound.channels)) ?? reject('audio_unreadable');
	// An MP3, a GSM and an AMR file only guess their own length, and so does a WAV of blocks (ADPCM, GSM).
	const blocks = sound.format === 'wav' && !sound.codec.startsWith('pcm_');
	const guesses = blocks || ['mp3', 'gsm', 'amr'].includes(sound.format);
	if (!guesses && heard.durationMs < sound.durationMs - 500) reject('audio_cut_off');
	return { ...sound, ...heard };
}

async function asOpus(files: readonly FileHandle[], channels: number): Promise<Uint8Array> {
	const pieces: Buffer[] = [];
	const join = ['-filter_complex', '[0:a:0][1:a:0]join=inputs=2:channel_layout=stereo[call]', '-map', '[call]'];
	const well = await run('ffmpeg', files, {
		before: ['-nostdin'],
		after: [
			...(files.length > 1 ? join : ['-map', '0:a:0']),
			...['-map_metadata', '-1', '-c:a', 'libopus', '-b:a', `${24 * channels}k`, '-application', 'voip'],
			...['-compression_level', '5', ...inLargePieces, '-f', 'ogg', 'pipe:1']
		],
		seconds: 15 * 60,
		take: (piece) => pieces.push(piece) > 0
	});
	if (!well || pieces.length === 0) return reject('audio_unreadable');
	return Buffer.concat(pieces);
}
