import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { Failure } from '#failures.ts';

// Only these demultiplexers and no network: a playlist that calls itself .wav opens nothing.
const guards = ['-v', 'error', '-protocol_whitelist', 'file', '-format_whitelist', 'wav,mp3,mov,ogg,matroska,flac'];
// The program sees the open file and never its name, which may hold a full number and would stand in the process list.
const input = ['-i', '/dev/fd/3'];

interface Run {
	/** Given before the input. */
	before?: string[];
	/** Given after the input. */
	after: string[];
	/** It is killed when it takes longer. */
	seconds: number;
	/** Gets what the program writes, piece by piece; false ends it. */
	take: (piece: Buffer) => boolean;
}

/**
 * Runs ffprobe or ffmpeg on an open audio file, without our environment (it holds secrets, the file may be hostile).
 * Answers whether it ended well. Refuses with `unavailable: ffmpeg_missing` when the program is not installed.
 */
export async function run(
	program: 'ffprobe' | 'ffmpeg',
	audio: FileHandle,
	{ before = [], after, seconds, take }: Run
): Promise<boolean> {
	const child = spawn(program, [...guards, ...before, ...input, ...after], {
		stdio: ['ignore', 'pipe', 'ignore', audio.fd],
		env: { PATH: process.env['PATH'] },
		timeout: seconds * 1000,
		killSignal: 'SIGKILL'
	});
	child.stdout?.on('data', (piece: Buffer) => {
		if (!take(piece)) child.kill('SIGKILL');
	});
	const [code] = await once(child, 'close').catch((cause: unknown) => {
		throw new Failure('unavailable', 'ffmpeg_missing', {
			cause,
			detail: `${program} cannot be started: install the package ffmpeg (apt-get install ffmpeg).`
		});
	});
	return code === 0;
}
