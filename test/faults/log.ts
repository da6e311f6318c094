import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createSigningKey } from '#access-log/keys.ts';
import { killCycles } from '../core/access-log/killing.ts';
import { randomFrom } from '../core/access-log/mutate.ts';

// The log's writer is killed outright under load, again and again: no acknowledged entry may be lost, and the log must
// be whole each time. `npm run faults -- log [cycles] [seed]`

const [cycles = 500, seed = 20261124] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-faults-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

await createSigningKey(folder);
const { acknowledged, entries, lost, halved, broken } = await killCycles(folder, cycles, {
	random: randomFrom(seed),
	onCycle: (cycle) => process.stderr.isTTY && process.stderr.write(`\r${cycle} of ${cycles} …`)
});
console.table([
	{
		'kill -9': cycles,
		'batches acknowledged': acknowledged,
		lost: lost.length,
		halved: halved.length,
		'not intact afterwards': broken.length,
		entries
	}
]);
if (lost.length + halved.length + broken.length > 0) process.exitCode = 1;
