import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createSigningKey } from '#access-log/keys.ts';
import { openAccessLog } from '#access-log/log.ts';
import { verify } from '#access-log/verify.ts';
import { entry } from '../core/access-log/entries.ts';
import { forgeries, randomFrom, restore, victimOf } from '../core/access-log/mutate.ts';

// Seeded random forgeries of a log of 10,000 entries, all of which must be found, and untouched logs, none of which may
// be suspected. `npm run faults -- log-mutations [forgeries] [untouched logs] [seed]`

const [mutations = 20_000, untouched = 1000, seed = 20261124] = process.argv.slice(2).map(Number);
const place = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-faults-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));
const random = randomFrom(seed);

async function newLog(name: string, size: number): Promise<string> {
	const folder = path.join(place, name);
	await createSigningKey(folder);
	const log = await openAccessLog(folder, { now: () => new Date() });
	for (let from = 0; from < size; from += 500) {
		await log.append(Array.from({ length: Math.min(500, size - from) }, (_, more) => entry(from + more)));
	}
	await log.close();
	return folder;
}

let suspected = 0;
for (let round = 0; round < untouched; round++) {
	const folder = await newLog(`untouched-${round}`, 1 + random(40));
	if (!(await verify(folder)).intact) suspected++;
	rmSync(folder, { recursive: true });
}
console.log(`${untouched} untouched logs, ${suspected} suspected`);

const victim = victimOf(await newLog('victim', 10_000));
const outside = path.join(place, 'outside');
mkdirSync(outside);
copyFileSync(path.join(victim.folder, 'checkpoints.txt'), path.join(outside, 'checkpoints.txt'));
const kinds = Object.entries(forgeries).map(([name, forge]) => ({ name, forge, made: 0, found: 0 }));
for (let round = 0; round < mutations; round++) {
	const kind = kinds[round % kinds.length];
	const what = kind?.forge(victim, 1 + random(victim.size), random);
	if (!kind || what === undefined) continue;
	kind.made++;
	if (!(await verify(victim.folder, { checkpoints: outside })).intact) kind.found++;
	else console.error(`not found: ${kind.name} ${what}`);
	restore(victim);
	if (process.stderr.isTTY) process.stderr.write(`\r${round + 1} of ${mutations} …`);
}
victim.database.close();
console.table(kinds.map(({ name, made, found }) => ({ forgery: name, made, found })));
const [made, found] = [
	kinds.reduce((sum, kind) => sum + kind.made, 0),
	kinds.reduce((sum, kind) => sum + kind.found, 0)
];
console.log(`${made} forgeries, ${found} found (seed ${seed})`);
if (found < made || suspected > 0) process.exitCode = 1;
