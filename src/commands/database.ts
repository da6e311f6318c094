import { Failure } from '#failures.ts';
import { findProgram } from '#pocketbase/binary.ts';
import type { Pocketbase, Service } from '#pocketbase/pocketbase.ts';
import { joinServer, runningServer, startServer, type Place, type PocketbaseServer } from '#pocketbase/server.ts';
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
	const running = settings.pocketbaseUrl ? undefined : await runningServer(settings.data);
	if (running) return work({ keyring, pocketbase: await openDatabase(keyring, running, service) });
	const server = await openServer(settings);
	try {
		return await work({ keyring, pocketbase: await openDatabase(keyring, server.url, service) });
	} finally {
		await server.stop();
	}
}

/** The PocketBase that runs by itself, where the settings name one, else one that is started until `stop`. */
export async function openServer(
	{ pocketbaseBin, pocketbaseUrl, pocketbasePort: port, data }: Settings,
	says: Pick<Place, 'onMigrate' | 'onRestart' | 'onSlow'> = {}
): Promise<Omit<PocketbaseServer, 'pid'>> {
	if (pocketbaseUrl) return joinServer(pocketbaseUrl, data);
	return startServer({ program: await findProgram(pocketbaseBin), data, port, ...says });
}

/** Refuses with the line that says how to make a register. */
export function mustBeFounded(settings: Settings): void {
	if (isFounded(settings)) return;
	throw new Failure('missing', 'no_register', {
		detail: `There is no register in ${settings.data}: make one with "kuuntelupiste init", or name its folder in KUUNTELUPISTE_DATA.`
	});
}
