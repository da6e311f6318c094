import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';
import type { Serving } from './serving.ts';

/** The product as it was installed on a machine of its own (test/faults/install.ts), for one story. */
export type Installed = Pick<Serving, 'origin' | 'data' | 'command' | 'stop' | 'remove'>;

/** Reads from the environment where that machine is; undefined when there is none. */
export function installed(): Installed | undefined {
	const given = process.env['KUUNTELUPISTE_INSTALLED'];
	if (!given) return undefined;
	const { origin, root, pid } = JSON.parse(given) as { origin: string; root: string; pid: number };
	const run = (words: string[]) => {
		const { status, stdout, stderr } = spawnSync('nsenter', ['-t', String(pid), '-a', ...words], { encoding: 'utf8' });
		return { code: status, out: stdout, err: stderr };
	};
	return {
		origin,
		data: path.join(root, 'var/lib/kuuntelupiste'),
		async command(...words) {
			// What lies in a folder of the tests is brought over; the server's user may read it there.
			const there = words.map((word) => {
				if (!word.startsWith('/')) return word;
				cpSync(word, path.join(root, 'srv', path.basename(word)), { recursive: true });
				run(['chown', '-R', 'kuuntelupiste', `/srv/${path.basename(word)}`]);
				return `/srv/${path.basename(word)}`;
			});
			return run(['/usr/local/sbin/kuuntelupiste', ...there]);
		},
		async stop() {
			run(['systemctl', 'stop', 'kuuntelupiste', 'kuuntelupiste-pocketbase']);
		},
		async remove() {
			// Whoever made the machine removes it.
		}
	};
}
