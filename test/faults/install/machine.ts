import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** A Debian with systemd that runs in namespaces of its own, with a network of its own that leads nowhere. */
export interface Machine {
	/** Its first process, as this machine counts. */
	readonly pid: number;
	/** Runs commands in it as root, and gives what they said; throws when one fails. */
	run(script: string, options?: { mayFail?: boolean }): string;
	halt(): Promise<void>;
}

const nspawn = ['--quiet', '--register=no', '--keep-unit'];

/** Runs commands in a root that is not booted, with this machine's network. */
export function offline(root: string, script: string): void {
	const words = [...nspawn, '--pipe', '--resolv-conf=copy-host', '-D', root, '/bin/sh', '-euc', script];
	const { status, stdout, stderr } = spawnSync('systemd-nspawn', words, {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe']
	});
	if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
}

/** Starts systemd in a root, and waits until it has started what it starts. */
export async function boot(root: string): Promise<Machine> {
	const child = spawn('systemd-nspawn', [...nspawn, '--private-network', '--boot', '-D', root], { stdio: 'ignore' });
	const over = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	// nspawn's first child only prepares; the one that stays is systemd.
	const first = (): number =>
		Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').at(-1));
	let pid = 0;
	const machine: Machine = {
		get pid() {
			return pid;
		},
		run(script, { mayFail = false } = {}) {
			const words = ['-t', String(pid), '-a', '/bin/sh', '-c', `cd /root; set -eu\n${script}`];
			const { status, stdout, stderr } = spawnSync('nsenter', words, {
				encoding: 'utf8',
				env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', TERM: 'dumb' },
				stdio: ['ignore', 'pipe', 'pipe']
			});
			if (status !== 0 && !mayFail) throw new Error(`${script}\n${stdout}\n${stderr}`);
			return `${stdout}${stderr}`;
		},
		async halt() {
			// Its own word for "power off".
			execFileSync('kill', ['-s', 'RTMIN+4', String(pid)]);
			const patience = setTimeout(() => child.kill('SIGKILL'), 60_000);
			await over;
			clearTimeout(patience);
		}
	};
	for (let tries = 0; tries < 300; tries++) {
		await wait(200);
		pid = first();
		if (pid && /running|degraded/.test(machine.run('systemctl is-system-running', { mayFail: true }))) return machine;
	}
	child.kill('SIGKILL');
	throw new Error('systemd did not start');
}
