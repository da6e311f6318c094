import type { FileHandle } from 'node:fs/promises';
import * as v from 'valibot';
import { reject } from './rejection.ts';
import { run } from './ffmpeg.ts';

// What the browser of the kiosk was seen to play and seek.
const playable = [
	{
		format: 'wav',
		codecs: ['pcm_u8', 'pcm_s16le', 'pcm_s24le', 'pcm_f32le', 'pcm_alaw', 'pcm_mulaw'],
		type: 'audio/wav'
	},
	{ format: 'mp3', codecs: ['mp3'], type: 'audio/mpeg' },
	{ format: 'mov,mp4,m4a,3gp,3g2,mj2', codecs: ['aac'], type: 'audio/mp4' },
	{ format: 'ogg', codecs: ['opus'], type: 'audio/ogg' },
	{ format: 'matroska,webm', codecs: ['opus'], type: 'audio/webm' },
	{ format: 'flac', codecs: ['flac'], type: 'audio/flac' }
];

const tags = v.optional(v.record(v.string(), v.string()), {});
const seconds = v.optional(v.pipe(v.string(), v.transform(Number), v.number(), v.minValue(0)));
const Answer = v.pipe(
	v.string(),
	v.parseJson(),
	v.object({
		format: v.object({ format_name: v.string(), duration: seconds, tags }),
		streams: v.array(
			v.object({
				codec_type: v.string(),
				codec_name: v.optional(v.string(), ''),
				channels: v.optional(v.number(), 0),
				tags
			})
		)
	})
);

/** What an audio file is. */
export interface Sound {
	/** ffmpeg's name of the container. */
	format: string;
	codec: string;
	/** 1 or 2. */
	channels: number;
	/** What the file says of itself; an MP3 may only guess. */
	durationMs: number;
	/** The MIME type for the media element; undefined when no browser plays it as it is. */
	type: string | undefined;
}

// 12 hours: no call is longer, and a header may claim anything.
const longestMs = 12 * 3600_000;

/**
 * Looks into an audio file with ffprobe. Refuses with `invalid`: `audio_unreadable`, `audio_codec`, `audio_tags`,
 * `audio_no_duration`, `audio_too_long`; with `unavailable: ffmpeg_missing` when there is no ffprobe.
 */
export async function probe(audio: FileHandle): Promise<Sound> {
	let said = '';
	const entries = 'format=format_name,duration:format_tags:stream=codec_type,codec_name,channels:stream_tags';
	const well = await run('ffprobe', audio, {
		after: ['-of', 'json=compact=1', '-show_entries', entries],
		seconds: 20,
		take: (piece) => (said += piece.toString('latin1')).length < 65_536
	});
	const answer = v.safeParse(Answer, said);
	if (!well || !answer.success) return reject('audio_unreadable');
	const { format, streams } = answer.output;
	const [stream, ...others] = streams;
	const known = playable.find(
		(one) => one.format === format.format_name && one.codecs.includes(stream?.codec_name ?? '')
	);
	if (!stream || others.length > 0 || stream.channels < 1 || stream.channels > 2) return reject('audio_codec');
	if (stream.codec_type !== 'audio') return reject('audio_codec');
	if (holdsNumber(format.tags) || holdsNumber(stream.tags)) return reject('audio_tags');
	if (!format.duration) return reject('audio_no_duration');
	if (format.duration * 1000 > longestMs) return reject('audio_too_long');
	return {
		format: format.format_name,
		codec: stream.codec_name,
		channels: stream.channels,
		durationMs: Math.round(format.duration * 1000),
		type: known?.type
	};
}

// Tags of long figures that mean something else.
const harmless = new Set(['duration', 'creation_time', 'itunsmpb', 'time_reference', 'umid', 'tlen']);

function holdsNumber(given: Record<string, string>): boolean {
	return Object.entries(given).some(([name, value]) => !harmless.has(name.toLowerCase()) && looksLikeNumber(value));
}

/** Whether a full number may stand in these words: the register holds none (§ 5), and some recorders write it into the file itself. */
export function looksLikeNumber(words: string): boolean {
	return /(?<![\d.])(\+|0)[\d ()-]{6,}\d|\d{9,}/.test(words);
}
