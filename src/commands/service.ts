import { spawnSync } from 'node:child_process';
import type { Journal } from '#journal.ts';

// What a process that runs on and on has to do with whoever started it.

/** A service manager is patient; whoever presses Ctrl-C is not, and told `again` nobody is. */
export async function toldToStop(): Promise<{ patient: boolean; again: AbortSignal }> {
	const again = new AbortController();
	const signal = await new Promise<string>((resolve) => {
		for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, resolve);
	});
	for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => again.abort());
	return { patient: signal === 'SIGTERM', again: again.signal };
}

/** What nobody caught is told without its message, and the process ends: whoever started it starts it again. */
export function sayLastWords(journal: Journal): void {
	for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
		process.on(event, (fault: unknown) => {
			journal.error('the server fell', { fault });
			process.exit(1);
		});
	}
}

/** Tells systemd, where it is the one that started us (`Type=notify`). */
export function notify(state: string): void {
	if (process.env['NOTIFY_SOCKET']) spawnSync('systemd-notify', [state], { stdio: 'ignore' });
}
