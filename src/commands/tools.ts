import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

// Run by `npm start` and `npm test`: installs the machine's own programs that are missing, where it may;
// elsewhere one line says what to install. `node src/commands/tools.ts PROGRAM…`

/** Debian's package for each program. */
const packages: Record<string, string> = {
	ffmpeg: 'ffmpeg',
	chromium: 'chromium',
	age: 'age',
	strace: 'strace',
	faketime: 'faketime',
	pdftoppm: 'poppler-utils',
	nginx: 'nginx-light',
	wrk: 'wrk'
};

const missing = process.argv.slice(2).filter((program) => !isThere(program));
if (missing.length > 0) {
	const wanted = missing.map((program) => packages[program] ?? program);
	if (process.getuid?.() === 0 && isThere('apt-get')) {
		console.log(`Installing ${wanted.join(', ')} …`);
		apt('update', '-qq');
		apt('install', '-y', '-qq', '--no-install-recommends', ...wanted);
	}
	const still = missing.filter((program) => !isThere(program));
	if (still.length > 0) {
		console.error(`Please install ${wanted.join(', ')} first (on Debian: sudo apt-get install ${wanted.join(' ')}).`);
		process.exit(1);
	}
}

function isThere(program: string): boolean {
	return (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => {
		try {
			accessSync(path.join(folder, program), constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}

function apt(...words: string[]): void {
	spawnSync('apt-get', words, {
		stdio: ['ignore', 'ignore', 'inherit'],
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
	});
}
