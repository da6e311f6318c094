import { execFileSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A call to be made by ffmpeg: two tones, the customer's on the left, the clerk's on the right. */
export interface TestCall {
	file: string;
	/** What ffmpeg is told of the codec. */
	codec: string[];
	seconds: number;
	/** From a range that no subscriber has (see demo/calls.ts). */
	number: string;
	/** Days before today. */
	daysAgo: number;
}

export const calls: TestCall[] = [
	{ file: 'first.wav', codec: ['-c:a', 'pcm_alaw', '-ar', '8000'], seconds: 20, number: '+358495550123', daysAgo: 3 },
	{ file: 'second.webm', codec: ['-c:a', 'libopus', '-b:a', '32k'], seconds: 30, number: '+358495550123', daysAgo: 2 },
	{ file: 'other.wav', codec: ['-c:a', 'pcm_mulaw', '-ar', '8000'], seconds: 15, number: '+358495559876', daysAgo: 2 }
];

/** A folder as a recorder exports it, with real audio: `calls.csv` and the files beside it. */
export async function exportOf(some: TestCall[]): Promise<string> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-export-'));
	const rows = ['answered,disconnected,direction,line,service_number,customer_number,employee,audio'];
	for (const [index, { file, codec, seconds, number, daysAgo }] of some.entries()) {
		execFileSync('ffmpeg', [
			...['-v', 'error', '-y'],
			...['-f', 'lavfi', '-i', `sine=frequency=${440 + 60 * index}:duration=${seconds}:sample_rate=48000`],
			...['-f', 'lavfi', '-i', `sine=frequency=${880 + 60 * index}:duration=${seconds}:sample_rate=48000`],
			...['-filter_complex', '[0][1]join=inputs=2:channel_layout=stereo', ...codec],
			path.join(folder, file)
		]);
		const answered = new Date(Date.now() - daysAgo * 24 * 3600_000 - index * 60_000);
		const disconnected = new Date(answered.getTime() + seconds * 1000);
		rows.push(
			[
				answered.toISOString(),
				disconnected.toISOString(),
				'received',
				'customer_service',
				'+358740010100',
				number,
				'agent',
				file
			].join(',')
		);
	}
	await writeFile(path.join(folder, 'calls.csv'), `${rows.join('\n')}\n`);
	return folder;
}
