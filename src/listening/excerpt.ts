import { Failure } from '#failures.ts';
import { run } from '#recordings/ffmpeg.ts';
import type { SealedReader } from '#sealing/sealed-file.ts';

/** How much of a candidate the desk may hear to tell whether it is the call. */
export const checkSeconds = 30;
export const excerptType = 'audio/wav';

const rate = 16_000;
const headerBytes = 44;
const mostBytes = checkSeconds * rate * 2;
const patienceSeconds = 20;

/**
 * The beginning of a recording as a sound of its own, of at most 30 seconds: whoever is given this has no more to read,
 * whatever range they ask for. It is made in memory and never touches the disk. Refuses with `unavailable: excerpt`
 * when the sound cannot be read from its beginning on.
 */
export async function excerpt(whole: SealedReader): Promise<SealedReader> {
	const pieces: Buffer[] = [];
	let length = 0;
	await run('ffmpeg', whole.chunks(0, whole.size), {
		after: ['-t', String(checkSeconds), '-vn', '-ac', '1', '-ar', String(rate), '-f', 's16le', 'pipe:1'],
		seconds: patienceSeconds,
		take: (piece) => {
			pieces.push(piece);
			length += piece.length;
			return length < mostBytes;
		}
	});
	const samples = Buffer.concat(pieces).subarray(0, mostBytes);
	if (samples.length === 0) throw new Failure('unavailable', 'excerpt');
	const sound = Buffer.concat([header(samples.length), samples]);
	return {
		size: sound.length,
		async *chunks(start, end) {
			yield sound.subarray(start, end);
		},
		async lend(start, end, take) {
			await take(sound.subarray(start, end));
		},
		read: async (start, end) => Buffer.from(sound.subarray(start, end))
	};
}

/** The header of a WAV file of one channel of 16-bit samples. */
function header(bytes: number): Buffer {
	const made = Buffer.alloc(headerBytes);
	made.write('RIFF', 0);
	made.writeUInt32LE(headerBytes - 8 + bytes, 4);
	made.write('WAVEfmt ', 8);
	made.writeUInt32LE(16, 16);
	made.writeUInt16LE(1, 20);
	made.writeUInt16LE(1, 22);
	made.writeUInt32LE(rate, 24);
	made.writeUInt32LE(rate * 2, 28);
	made.writeUInt16LE(2, 32);
	made.writeUInt16LE(16, 34);
	made.write('data', 36);
	made.writeUInt32LE(bytes, 40);
	return made;
}
