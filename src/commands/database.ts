import { Failure } from '#failures.ts';
import { findProgram } from '#pocketbase/binary.ts';
import type { Pocketbase, Service } from '#pocketbase/pocketbase.ts';
import { runningServer, startServer } from '#pocketbase/server.ts';
import { openDatabase, openKeys } from '#register.server.ts';
import type { Keyring } from '#sealing/keyring.ts';
import type { Settings } from '#settings.ts';
import { isFounded } from './found.ts';

/**
 * Gives a command the database as one service account: through the PocketBase that already runs on the data folder,
 * else through one that is started for the command's own time. Refuses when there is no register in the folder.
 */
export async function withDatabase<T>(
	settings: Settings,
	service: Service,
	work: (open: { pocketbase: Pocketbase; keyring: Keyring }) => Promise<T>
): Promise<T> {
	mustBeFounded(settings);
	const keyring = await openKeys(settings);
	const running = await runningServer(settings.data);
	if (running) return work({ keyring, pocketbase: await openDatabase(keyring, running, service) });
	const program = await findProgram(settings.pocketbaseBin);
	const server = await startServer({ program, data: settings.data, port: settings.pocketbasePort });
	try {
		return await work({ keyring, pocketbase: await openDatabase(keyring, server.url, service) });
	} finally {
		await server.stop();
	}
}

/** Refuses with the line that says how to make a register. */
export function mustBeFounded(settings: Settings): void {
	if (isFounded(settings)) return;
	throw new Failure('missing', 'no_register', {
		detail: `There is no register in ${settings.data}: make one with "kuuntelupiste init", or name its folder in KUUNTELUPISTE_DATA.`
	});
}
