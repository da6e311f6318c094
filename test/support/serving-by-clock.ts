import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { takeOrders } from '#commands/beside.ts';
import { found } from '#commands/found.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { newClient, type Client } from '#pocketbase/pocketbase.ts';
import { startServer } from '#pocketbase/server.ts';
import { openRegister, type Register } from '#register.server.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { listen, type Pages } from '#server.ts';
import { readSettings } from '#settings.ts';
import { ownPort, runCommand, type Serving } from './serving.ts';
import { admit, superuser as account } from './superuser.ts';

/** The whole product in the test's own process, so that its clock can be moved and its rooms called. */
export interface ServingHere extends Pick<Serving, 'origin' | 'data' | 'superuser' | 'command' | 'remove'> {
	register: Register;
	/** By how many milliseconds the server's time is ahead; it runs on from there. PocketBase's own is not. */
	clock: { aheadMs: number };
	/** The database stops for good; the server stays. */
	loseDatabase(): Promise<void>;
}

/** Founds an empty register, furnishes it, and serves its built pages; without a second factor unless the settings say so. */
export async function serveHere(
	furnish: (superuser: Client) => Promise<void>,
	more: Record<string, string> = {}
): Promise<ServingHere> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-here-'));
	const port = await ownPort();
	const environment = {
		KUUNTELUPISTE_DATA: path.join(folder, 'data'),
		KUUNTELUPISTE_PORT: String(port),
		KUUNTELUPISTE_MASTER_KEY: await newMasterKey(),
		KUUNTELUPISTE_SECOND_FACTOR: 'no',
		...more
	};
	const settings = readSettings({ ...process.env, ...environment });
	await found(settings, {
		furnish: async (client) => {
			await admit(client);
			await furnish(client);
		}
	});
	const database = await startServer({ program: await findProgram(settings.pocketbaseBin), data: settings.data });
	const clock = { aheadMs: 0 };
	let hasDatabase = true;
	const register = await openRegister(settings, database.url, { now: () => new Date(Date.now() + clock.aheadMs) });
	const origin = `http://127.0.0.1:${port}`;
	process.env['ORIGIN'] = origin;
	// The adapter reads its origin when it is imported, and the port is this process's own.
	const { handler }: { handler: Pages } = await import(new URL('../../build/handler.js', import.meta.url).href);
	const server = await listen(register, handler);
	const orders = await takeOrders(register);
	return {
		origin,
		data: settings.data,
		register,
		clock,
		async loseDatabase() {
			hasDatabase = false;
			await database.stop();
		},
		async superuser() {
			const client = newClient(database.url);
			await client.collection('_superusers').authWithPassword(account.email, account.password);
			return client;
		},
		command: (...words) => runCommand(words, environment),
		async remove() {
			await server.close();
			await orders.close();
			await register.accessLog.close();
			register.rows.close();
			if (hasDatabase) await database.stop();
			await rm(folder, { recursive: true, force: true });
		}
	};
}
