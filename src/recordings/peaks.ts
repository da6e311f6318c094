import type { FileHandle } from 'node:fs/promises';
import { run } from './ffmpeg.ts';

const rate = 8000;
/** How many peaks a lane has. */
export const peaksPerLane = 800;
const samplesPerBin = 40;

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
		after: ['-map', '0:a:0', '-t', '86400', '-ar', String(rate), '-f', 's16le', 'pipe:1'],
		seconds: 15 * 60,
		take: (piece) => meter.take(piece)
	});
	return meter.read();
}

/** Takes interleaved 16-bit samples in pieces of any size. */
export class Meter {
	readonly #lanes: number[][];
	#rest: Buffer = Buffer.alloc(0);
	#samples = 0;

	constructor(channels: number) {
		this.#lanes = Array.from({ length: channels }, () => []);
	}

	take(piece: Buffer): true {
		const bytes = this.#rest.length ? Buffer.concat([this.#rest, piece]) : piece;
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		const frame = 2 * this.#lanes.length;
		const whole = bytes.length - (bytes.length % frame);
		for (const [channel, lane] of this.#lanes.entries()) {
			let sample = this.#samples;
			for (let at = 2 * channel; at < whole; at += frame) {
				const bin = Math.floor(sample++ / samplesPerBin);
				const level = Math.abs(view.getInt16(at, true));
				if (level >= (lane[bin] ?? 0)) lane[bin] = level;
			}
		}
		this.#samples += whole / frame;
		this.#rest = Buffer.from(bytes.subarray(whole));
		return true;
	}

	read(): Loudness | undefined {
		if (this.#samples === 0) return undefined;
		return { peaks: this.#lanes.map(fold), durationMs: Math.round((this.#samples / rate) * 1000) };
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
