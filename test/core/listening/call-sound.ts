import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** So many seconds of a tone, as ffmpeg makes it with these options. */
export async function callSound(seconds: number, codec: string[]): Promise<Buffer> {
	const { stdout } = await promisify(execFile)(
		'ffmpeg',
		[
			'-v',
			'error',
			'-f',
			'lavfi',
			'-i',
			`sine=frequency=440:duration=${seconds}:sample_rate=48000`,
			...codec,
			'pipe:1'
		],
		{ encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 }
	);
	return stdout;
}
