import { found } from '#commands/found.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { newClient } from '#pocketbase/pocketbase.ts';
import { startServer } from '#pocketbase/server.ts';
import { openKeys } from '#register.server.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { readSettings } from '#settings.ts';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { randomFrom } from '../core/access-log/mutate.ts';
import { countOpen, exportOf, forget, importKilled } from '../core/recordings/killed.ts';
import { superuser } from '../support/superuser.ts';

// An import of 200 recordings that is killed a hundred times at random points: afterwards exactly 200, each opens, and
// no file is left over. `npm run faults -- import [kills] [calls] [seed]`

const [kills = 100, calls = 200, seed = 20261124] = process.argv.slice(2).map(Number);
const data = mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-faults-'));
const env = { ...process.env, KUUNTELUPISTE_DATA: data, KUUNTELUPISTE_MASTER_KEY: await newMasterKey() };
const settings = readSettings(env);
await found(settings, {
	furnish: async (client) => {
		await client.collection('_superusers').create({ ...superuser, passwordConfirm: superuser.password });
		const password = 'of the fault suite only';
		const person = { sign_in_name: 'aino', name: 'Aino Malli', active: true, roles: ['agent'] };
		await client.collection('staff').create({ ...person, password, passwordConfirm: password });
	}
});
const server = await startServer({ program: await findProgram(settings.pocketbaseBin), data, port: 0 });
const folder = exportOf(calls);
const random = randomFrom(seed);
try {
	const said = await importKilled(folder, env, { kills, longestMs: 3000, random: () => random(1000) / 1000 });
	console.log(`after ${kills} kills, the last import says: ${said}`);
	const client = newClient(server.url);
	await client.collection('_superusers').authWithPassword(superuser.email, superuser.password);
	const { rows, open, unchecked } = await countOpen(client, await openKeys(settings));
	const { id } = await client.collections.getOne('recordings');
	const stored = readdirSync(path.join(data, 'pocketbase', 'storage', id), { recursive: true });
	const files = stored.filter((name) => String(name).endsWith('.age')).length;
	console.log(`${rows} recordings of ${calls}, ${open} open, ${unchecked} never read back, ${files} sealed files`);
	if ([rows, open, files].some((count) => count !== calls) || unchecked > 0) process.exitCode = 1;
} finally {
	await server.stop();
	forget(folder);
	rmSync(data, { recursive: true, force: true });
}
