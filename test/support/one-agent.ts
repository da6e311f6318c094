import { found } from '#commands/found.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { newClient, type Client } from '#pocketbase/pocketbase.ts';
import { startServer } from '#pocketbase/server.ts';
import { openDatabase, openKeys } from '#register.server.ts';
import type { Keyring } from '#sealing/keyring.ts';
import { readSettings, type Settings } from '#settings.ts';
import { admit, superuser } from './superuser.ts';

/** A register with one agent, `aino`, whose PocketBase runs: for what is done outside the tests. */
export interface OneAgent {
	settings: Settings;
	/** The agent's id. */
	agent: string;
	/** Sees everything. */
	superuser: Client;
	/** The service account of the intake. */
	client: Client;
	keyring: Keyring;
	/** PocketBase's address. */
	url: string;
	stop(): Promise<void>;
}

export async function foundForOne(data: string, masterKey: string): Promise<OneAgent> {
	const settings = readSettings({
		PATH: process.env['PATH'],
		KUUNTELUPISTE_DATA: data,
		KUUNTELUPISTE_MASTER_KEY: masterKey
	});
	let agent = '';
	await found(settings, {
		furnish: async (client) => {
			await admit(client);
			const password = 'of the bench and the faults only';
			const person = { sign_in_name: 'aino', name: 'Aino Malli', active: true, roles: ['agent'] };
			({ id: agent } = await client.collection('staff').create({ ...person, password, passwordConfirm: password }));
		}
	});
	const server = await startServer({ program: await findProgram(settings.pocketbaseBin), data, port: 0 });
	const keyring = await openKeys(settings);
	const { service: client } = await openDatabase(keyring, server.url, 'intake');
	const all = newClient(server.url);
	await all.collection('_superusers').authWithPassword(superuser.email, superuser.password);
	return { settings, agent, superuser: all, client, keyring, url: server.url, stop: () => server.stop() };
}
