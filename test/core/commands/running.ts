import { spawn } from 'node:child_process';
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
