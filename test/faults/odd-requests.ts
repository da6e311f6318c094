import { spawnSync } from 'node:child_process';
import path from 'node:path';

// The odd requests of `npm test`, many more of them, from another seed each time: `npm run faults -- odd-requests
// [number] [seed]`, against the built pages. A failure prints its seed, with which the same requests are sent again.

const [number = '500000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
const { status } = spawnSync(
	'npx',
	['vitest', 'run', '--project', 'web', '-t', 'odd requests', 'test/web/every-route.test.ts'],
	{
		cwd: path.join(import.meta.dirname, '../..'),
		stdio: 'inherit',
		env: { ...process.env, ODD_REQUESTS: number, ODD_SEED: seed }
	}
);
process.exitCode = status ?? 1;
