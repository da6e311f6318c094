import type { FileHandle } from 'node:fs/promises';
import { inLargePieces, run } from './ffmpeg.ts';
import { alaw, mulaw } from './telephone.ts';
import type { PlainWave } from './wave.ts';

const rate = 8000;
const binsPerSecond = 200;
/** How many peaks a lane has. */
export const peaksPerLane = 800;

/** How loud a recording is along its way. */
export interface Loudness {
	/** A lane for each channel, 800 whole numbers from 0 (silence) to 100. With two channels the first is the customer's,
	 * the second the clerk's. */
	peaks: number[][];
	/** What was really decoded. */
	durationMs: number;
}

/**
 * Decodes an audio file with ffmpeg to the end (24 hours at the most) and keeps its peaks; the sound itself streams past.
 * Undefined when ffmpeg finds nothing to decode; a broken place in the middle ends the sound there.
 */
export async function loudness(audio: FileHandle, channels: number): Promise<Loudness | undefined> {
	const meter = new Meter(channels);
	await run('ffmpeg', audio, {
		before: ['-nostdin', '-xerror'],
		after: ['-map', '0:a:0', '-t', '86400', '-ar', String(rate), ...inLargePieces, '-f', 's16le', 'pipe:1'],
		seconds: 15 * 60,
		take: (piece) => meter.take(piece)
	});
	return meter.read();
}

/** The same of a plain WAV file, without ffmpeg. */
export function loudnessOf({ codec, channels, rate, data }: PlainWave): Loudness | undefined {
	const meter = new Meter(channels, rate);
	if (codec === 'pcm_s16le') {
		meter.take(Buffer.from(data.buffer, data.byteOffset, data.length));
		return meter.read();
	}
	const table = codec === 'pcm_alaw' ? alaw : mulaw;
	const samples = new Int16Array(65_536);
	for (let from = 0; from < data.length; from += samples.length) {
		const piece = data.subarray(from, from + samples.length);
		for (let at = 0; at < piece.length; at++) samples[at] = table[piece[at] ?? 0] ?? 0;
		meter.hear(samples.subarray(0, piece.length));
	}
	return meter.read();
}

/** Takes interleaved 16-bit samples (little-endian, as the machines are that run this) in pieces of any size. */
export class Meter {
	readonly #lanes: number[][];
	readonly #rate: number;
	readonly #samplesPerBin: number;
	#rest: Buffer = Buffer.alloc(0);
	#samples = 0;

	constructor(channels: number, samplesPerSecond = rate) {
		this.#lanes = Array.from({ length: channels }, () => []);
		this.#rate = samplesPerSecond;
		this.#samplesPerBin = Math.floor(samplesPerSecond / binsPerSecond);
	}

	take(piece: Buffer): true {
		// Samples of two bytes are read only where they begin on an even place.
		const joined = this.#rest.length > 0 || piece.byteOffset % 2 > 0;
		const bytes = joined ? Buffer.concat([this.#rest, piece]) : piece;
		const whole = bytes.length - (bytes.length % (2 * this.#lanes.length));
		this.hear(new Int16Array(bytes.buffer, bytes.byteOffset, whole / 2));
		this.#rest = Buffer.from(bytes.subarray(whole));
		return true;
	}

	/** Whole frames of samples, a sample a channel. */
	hear(samples: Int16Array): void {
		const step = this.#lanes.length;
		for (const [channel, lane] of this.#lanes.entries()) {
			let frame = this.#samples;
			for (let at = channel; at < samples.length;) {
				const bin = Math.floor(frame / this.#samplesPerBin);
				const frames = (bin + 1) * this.#samplesPerBin - frame;
				const end = Math.min(samples.length, at + frames * step);
				let loudest = lane[bin] ?? 0;
				for (; at < end; at += step) {
					const level = Math.abs(samples[at] ?? 0);
					if (level > loudest) loudest = level;
				}
				lane[bin] = loudest;
				frame += frames;
			}
		}
		this.#samples += samples.length / step;
	}

	read(): Loudness | undefined {
		if (this.#samples === 0) return undefined;
		return { peaks: this.#lanes.map(fold), durationMs: Math.round((this.#samples / this.#rate) * 1000) };
	}
}

/** Folds any number of bins into 800: each peak is the loudest of the bins that it covers, at least one. */
function fold(bins: number[]): number[] {
	return Array.from({ length: peaksPerLane }, (_, index) => {
		const from = Math.floor((index * bins.length) / peaksPerLane);
		const to = Math.max(from + 1, Math.floor(((index + 1) * bins.length) / peaksPerLane));
		const loudest = bins.slice(from, to).reduce((most, level) => Math.max(most, level), 0);
		return Math.min(100, Math.round((loudest * 100) / 32767));
	});
}
