import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findProgram } from '#pocketbase/binary.ts';
import { median, rounded } from './figure.ts';

/** The machine and its state at this moment, and the versions of what is measured: name and value, to be printed. */
export async function machine(): Promise<Record<string, string>> {
	const [cpu] = os.cpus();
	return {
		date: `${new Date().toISOString().slice(0, 16)} UTC`,
		processor: `${os.cpus().length} × ${cpu?.model ?? 'unknown'}`,
		memory: `${gigabytes(os.totalmem())} GB, ${gigabytes(os.freemem())} GB free`,
		load: os
			.loadavg()
			.map((load) => load.toFixed(2))
			.join(', '),
		'one fsync in the temporary folder': `${rounded(fsyncMs())} ms, the median of 50`,
		system: `${os.type()} ${os.release()}, ${said('/etc/os-release', /PRETTY_NAME="(.*)"/)}`,
		Node: process.version,
		PocketBase: version(await findProgram(undefined), '--version'),
		Chromium: version('/usr/bin/chromium', '--version'),
		nginx: version('nginx', '-v'),
		ffmpeg: version('ffmpeg', '-version')
	};
}

function fsyncMs(): number {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-bench-'));
	const file = openSync(path.join(folder, 'file'), 'w');
	const took = Array.from({ length: 50 }, () => {
		const began = performance.now();
		writeSync(file, 'x'.repeat(500));
		fsyncSync(file);
		return performance.now() - began;
	});
	closeSync(file);
	rmSync(folder, { recursive: true });
	return median(took);
}

function version(program: string, word: string): string {
	try {
		// nginx says it on the other line.
		const out = execFileSync('sh', ['-c', '"$0" "$1" 2>&1', program, word], { encoding: 'utf8' });
		return /\d+(\.\d+)+/.exec(out)?.[0] ?? 'unknown';
	} catch {
		return 'not there';
	}
}

function said(file: string, form: RegExp): string {
	return form.exec(readFileSync(file, 'utf8'))?.[1] ?? 'unknown';
}

function gigabytes(bytes: number): number {
	return Math.round(bytes / 1e9);
}
