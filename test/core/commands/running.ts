import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../src/commands/kuuntelupiste.ts', import.meta.url));

/** Runs the real program to its end; `typed` is what somebody types. */
export async function kuuntelupiste(words: string[], environment: Record<string, string>, typed = '') {
	const child = spawn(process.execPath, [program, ...words], { env: { ...process.env, ...environment } });
	let [out, err] = ['', ''];
	child.stdout.on('data', (text) => (out += text));
	child.stderr.on('data', (text) => (err += text));
	child.stdin.end(typed);
	const code = await new Promise((resolve) => child.once('close', resolve));
	return { code, out, err };
}

/** Runs the real program and kills it outright so long after something is so; whether it had not ended before. */
export async function killed(
	words: string[],
	environment: Record<string, string>,
	isSo: () => Promise<boolean>,
	pauseMs: number
): Promise<boolean> {
	const child = spawn(process.execPath, [program, ...words], {
		env: { ...process.env, ...environment },
		stdio: 'ignore'
	});
	const ended = new Promise((resolve) => child.once('close', resolve));
	const isOver = () => child.exitCode !== null;
	while (!isOver() && !(await isSo())) await wait(2);
	await wait(pauseMs);
	child.kill('SIGKILL');
	await ended;
	return child.signalCode === 'SIGKILL';
}
