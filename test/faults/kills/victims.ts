import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Who is killed: the server, PocketBase under it, both at once, or the command that is at work beside them. */
export type Victim = 'application' | 'database' | 'both' | 'command';

/** The PocketBase that a server has started; undefined when it has none at this moment. */
export function databaseOf(server: number): number | undefined {
	const children = readdirSync(`/proc/${server}/task`).flatMap((task) => {
		try {
			return readFileSync(`/proc/${server}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
		} catch {
			return [];
		}
	});
	return children.find((pid) => nameOf(pid) === 'pocketbase');
}

/** Ends them with -9, as the kernel does when memory is short; what is gone already is left alone. */
export function kill(victim: Victim, server: number, command?: Pick<ChildProcess, 'kill'>): void {
	if (victim === 'command') return void command?.kill('SIGKILL');
	const database = victim === 'application' ? undefined : databaseOf(server);
	for (const pid of [database, victim === 'database' ? undefined : server]) {
		try {
			if (pid) process.kill(pid, 'SIGKILL');
		} catch {
			// It ended by itself in this very moment.
		}
	}
}

function nameOf(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
	} catch {
		return '';
	}
}
