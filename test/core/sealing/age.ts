import { spawnSync } from 'node:child_process';

/** Runs Debian's own `age`, the format's command-line tool; gives what it wrote. Without it one clear line fails the test. */
export function age(args: string[], input?: Uint8Array): Buffer {
	const { error, status, stdout, stderr } = spawnSync('age', args, { input, maxBuffer: 1 << 28 });
	if (error && 'code' in error && error.code === 'ENOENT') {
		throw new Error('The sealing tests need age: sudo apt-get install age.');
	}
	if (error) throw error;
	if (status !== 0) throw new Error(`age ${args[0]} said no: ${stderr}`);
	return stdout;
}
