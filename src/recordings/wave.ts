import { looksLikeNumber } from './probe.ts';

/** The sound of a WAV file that holds nothing but sound. */
export interface PlainWave {
	codec: 'pcm_s16le' | 'pcm_alaw' | 'pcm_mulaw';
	channels: number;
	/** Samples a second in each channel. */
	rate: number;
	/** The samples, the channels' in turn. */
	data: Uint8Array;
}

/**
 * Whether a WAV file (RIFF) is shorter than its own data chunk says; ffmpeg takes what is there and is silent about it.
 * A file that was written through a pipe does not know its length (0 or all ones): nothing can be missed there.
 */
export function isCutOff(bytes: Uint8Array): boolean {
	if (name(bytes, 0) !== 'RIFF') return false;
	for (const { id, from, size } of chunks(bytes)) {
		if (id === 'data') return size !== 0xffffffff && from + size > bytes.length;
	}
	return true;
}

/**
 * A WAV file as telephone recorders write it, read without ffmpeg: 16-bit, A-law or µ-law samples, and no words in which a
 * number could stand. Undefined for any other and for one that contradicts itself: those are for ffmpeg to look at.
 */
export function plainWave(bytes: Uint8Array): PlainWave | undefined {
	const found = [...chunks(bytes)];
	const [format, ...others] = found;
	const data = others.at(-1);
	if (name(bytes, 0) !== 'RIFF' || name(bytes, 8) !== 'WAVE' || format?.id !== 'fmt ' || data?.id !== 'data') return;
	if (!others.slice(0, -1).every((chunk) => isHarmless(bytes, chunk))) return undefined;
	const end = data.from + data.size;
	// A data chunk of odd size has a byte of padding, which not every recorder writes.
	if (data.size === 0 || end > bytes.length || bytes.length - end > data.size % 2) return undefined;
	const known = form(bytes, format);
	if (!known || data.size % known.frame !== 0) return undefined;
	return { ...known, data: bytes.subarray(data.from, end) };
}

const codecs = { 1: 'pcm_s16le', 6: 'pcm_alaw', 7: 'pcm_mulaw' } as const;
const rates = [8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000];

function form(bytes: Uint8Array, { from, size }: Chunk): (Omit<PlainWave, 'data'> & { frame: number }) | undefined {
	if (size !== 16 && size !== 18) return undefined;
	const view = new DataView(bytes.buffer, bytes.byteOffset + from, size);
	const [tag, channels, rate] = [view.getUint16(0, true), view.getUint16(2, true), view.getUint32(4, true)];
	if ((tag !== 1 && tag !== 6 && tag !== 7) || channels < 1 || channels > 2 || !rates.includes(rate)) return undefined;
	const sample = tag === 1 ? 2 : 1;
	const frame = sample * channels;
	const told = [view.getUint32(8, true), view.getUint16(12, true), view.getUint16(14, true)];
	if (told.join() !== [rate * frame, frame, 8 * sample].join()) return undefined;
	if (size === 18 && view.getUint16(16, true) !== 0) return undefined;
	return { codec: codecs[tag], channels, rate, frame };
}

/** How many samples there are, or what the file is called, by which program it was written and the like. */
function isHarmless(bytes: Uint8Array, { id, from, size }: Chunk): boolean {
	if (id === 'fact') return size === 4;
	const words = Buffer.from(bytes.buffer, bytes.byteOffset + from, size).toString('latin1');
	return id === 'LIST' && size < 4096 && words.startsWith('INFO') && !looksLikeNumber(words);
}

interface Chunk {
	id: string;
	from: number;
	size: number;
}

/** The chunks of a RIFF file, as far as their headers go. */
function* chunks(bytes: Uint8Array): Generator<Chunk> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	for (let at = 12; at + 8 <= bytes.length;) {
		const size = view.getUint32(at + 4, true);
		yield { id: name(bytes, at), from: at + 8, size };
		// Chunks begin on even places.
		at += 8 + size + (size % 2);
	}
}

function name(bytes: Uint8Array, at: number): string {
	return String.fromCharCode(...bytes.subarray(at, at + 4));
}
