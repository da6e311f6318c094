import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const tools = fileURLToPath(new URL('../../../src/commands/tools.ts', import.meta.url));

/** Has the machine's own programs installed that are missing, or ends with a line that says which. */
export function need(...programs: string[]): void {
	// Some stand where only the superuser's path leads.
	const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };
	const { status } = spawnSync(process.execPath, [tools, ...programs], { stdio: 'inherit', env });
	if (status !== 0) process.exit(1);
	spawnSync('npm', ['run', '-s', 'built'], { stdio: 'inherit' });
}
