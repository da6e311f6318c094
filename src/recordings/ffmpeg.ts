import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '#failures.ts';

// Only these demultiplexers and no network: a playlist that calls itself .wav opens nothing. No allocation is huge.
const guards = [
	...['-v', 'error', '-max_alloc', String(256 * 1024 * 1024), '-protocol_whitelist', 'file,pipe'],
	...['-format_whitelist', 'wav,mp3,mov,ogg,matroska,flac,gsm,amr']
];

/** For what it writes: else a piece for every frame of sound, and ten thousand of them cost more than what is done with them. */
export const inLargePieces = ['-flush_packets', '0'];

interface Run {
	/** Given before the inputs. */
	before?: string[];
	/** Given after the inputs. */
	after: string[];
	/** It is killed when it takes longer. */
	seconds: number;
	/** Gets what the program writes, piece by piece; false ends it. */
	take: (piece: Buffer) => boolean;
}

/**
 * Runs ffprobe or ffmpeg on open audio files, or on sound that comes piece by piece and is nowhere on the disk,
 * without our environment (it holds secrets, the file may be hostile).
 * Answers whether it ended well. Refuses with `unavailable: ffmpeg_missing` when the program is not installed.
 */
export async function run(
	program: 'ffprobe' | 'ffmpeg',
	audio: FileHandle | readonly FileHandle[] | AsyncIterable<Uint8Array>,
	{ before = [], after, seconds, take }: Run
): Promise<boolean> {
	const stream = Symbol.asyncIterator in audio ? audio : undefined;
	const files = Symbol.asyncIterator in audio ? [] : [audio].flat();
	// The program sees open files and never their names, which may hold full numbers and would stand in the process list.
	const sources = stream ? ['pipe:3'] : files.map((_, index) => `/dev/fd/${index + 3}`);
	const inputs = sources.flatMap((source) => [...guards, '-i', source]);
	const child = spawn(program, [...before, ...inputs, ...after], {
		stdio: ['ignore', 'pipe', 'ignore', ...(stream ? ['pipe' as const] : files.map(({ fd }) => fd))],
		env: { PATH: process.env['PATH'] },
		timeout: seconds * 1000,
		killSignal: 'SIGKILL'
	});
	child.stdout?.on('data', (piece: Buffer) => {
		if (!take(piece)) child.kill('SIGKILL');
	});
	const feed = child.stdio[3];
	if (stream && feed instanceof Writable) {
		// It stops reading when it has enough; what then cannot be written is not missed.
		pipeline(Readable.from(stream, { highWaterMark: 1 }), feed).catch(() => undefined);
	}
	const [code] = await once(child, 'close').catch((cause: unknown) => {
		throw new Failure('unavailable', 'ffmpeg_missing', {
			cause,
			detail: `${program} cannot be started: install the package ffmpeg (apt-get install ffmpeg).`
		});
	});
	return code === 0;
}
