import { newMasterKey } from '#sealing/keyring.ts';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { randomFrom } from '../core/access-log/mutate.ts';
import { countOpen, exportOf, forget, importKilled } from '../core/recordings/killed.ts';
import { foundForOne } from '../support/one-agent.ts';

// An import of 200 recordings that is killed a hundred times at random points: afterwards exactly 200, each opens, and
// no file is left over. `npm run faults -- import [kills] [calls] [seed]`

const [kills = 100, calls = 200, seed = 20261124] = process.argv.slice(2).map(Number);
const data = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-faults-'));
const env = { ...process.env, KUUNTELUPISTE_DATA: data, KUUNTELUPISTE_MASTER_KEY: await newMasterKey() };
const house = await foundForOne(data, env.KUUNTELUPISTE_MASTER_KEY);
const folder = exportOf(calls);
const random = randomFrom(seed);
try {
	const said = await importKilled(folder, env, { kills, longestMs: 3000, random: () => random(1000) / 1000 });
	console.log(`after ${kills} kills, the last import says: ${said}`);
	const { rows, open, unchecked } = await countOpen(house.superuser, house.keyring);
	const { id } = await house.superuser.collections.getOne('recordings');
	const stored = readdirSync(path.join(data, 'pocketbase', 'storage', id), { recursive: true });
	const files = stored.filter((name) => String(name).endsWith('.age')).length;
	console.log(`${rows} recordings of ${calls}, ${open} open, ${unchecked} never read back, ${files} sealed files`);
	if ([rows, open, files].some((count) => count !== calls) || unchecked > 0) process.exitCode = 1;
} finally {
	await house.stop();
	forget(folder);
	rmSync(data, { recursive: true, force: true });
}
