import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { found } from '#commands/found.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { newClient, type Client } from '#pocketbase/pocketbase.ts';
import { startServer } from '#pocketbase/server.ts';
import { openRegister, type Register } from '#register.server.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { listen, type Pages } from '#server.ts';
import { readSettings } from '#settings.ts';
import { ownPort } from './serving.ts';
import { superuser as account } from './superuser.ts';

/** The whole product for a browser, in the test's own process, so that its clock can be put forward. */
export interface Here {
	origin: string;
	register: Register;
	superuser: Client;
	/** By how many milliseconds the register's clock is ahead; PocketBase's own is not. */
	clock: { aheadMs: number };
	close(): Promise<void>;
}

/** Founds an empty register, furnishes it, and serves the built pages. */
export async function serveHere(
	furnish: (superuser: Client) => Promise<void>,
	settings: Record<string, string> = {}
): Promise<Here> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-here-'));
	const port = await ownPort();
	const origin = `http://127.0.0.1:${port}`;
	const read = readSettings({
		...process.env,
		KUUNTELUPISTE_DATA: path.join(folder, 'data'),
		KUUNTELUPISTE_PORT: String(port),
		KUUNTELUPISTE_MASTER_KEY: await newMasterKey(),
		...settings
	});
	await found(read, {
		furnish: async (client) => {
			await client.collection('_superusers').create({ ...account, passwordConfirm: account.password });
			await furnish(client);
		}
	});
	const database = await startServer({ program: await findProgram(read.pocketbaseBin), data: read.data });
	const clock = { aheadMs: 0 };
	const register = await openRegister(read, database.url, { now: () => new Date(Date.now() + clock.aheadMs) });
	const superuser = newClient(database.url);
	await superuser.collection('_superusers').authWithPassword(account.email, account.password);
	// The adapter reads its origin from the environment, at import.
	process.env['ORIGIN'] = origin;
	const built = fileURLToPath(new URL('../../build/handler.js', import.meta.url));
	const { handler }: { handler: Pages } = await import(built);
	const server = await listen(register, handler);
	return {
		origin,
		register,
		superuser,
		clock,
		async close() {
			await server.close();
			await register.accessLog.close();
			await database.stop();
			await rm(folder, { recursive: true, force: true });
		}
	};
}
