import { spawnSync } from 'node:child_process';
import path from 'node:path';

// The odd requests of `npm test`, many more of them: `npm run faults -- odd-requests [number]`, against the built pages.

const [number = '20000'] = process.argv.slice(2);
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'web', 'test/web/every-route.test.ts'], {
	cwd: path.join(import.meta.dirname, '../..'),
	stdio: 'inherit',
	env: { ...process.env, ODD_REQUESTS: number }
});
process.exitCode = status ?? 1;
