import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { found } from '#commands/found.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { newClient, type Client } from '#pocketbase/pocketbase.ts';
import { startServer, type PocketbaseServer } from '#pocketbase/server.ts';
import { openRegister, type Register } from '#register.server.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { readSettings } from '#settings.ts';
import { admit, superuser as account } from './superuser.ts';

/** A whole register: a real PocketBase, a real keyring, a real log, and a clock that can be set. */
export interface House {
	register: Register;
	/** Sees and changes everything; for planting and for looking at what is really there. */
	superuser: Client;
	/** The data folder: `pocketbase/`, `keys/`, `access-log/`. */
	data: string;
	masterKey: string;
	/** PocketBase's address. */
	url: string;
	server: PocketbaseServer;
	/** Set `clock.now` to stop the register's time at a moment; undefined lets it run. PocketBase's own clock runs on. */
	clock: { now: Date | undefined };
	close(): Promise<void>;
}

/** A register that was founded and is empty, to be copied. */
export interface Template {
	data: string;
	masterKey: string;
}

/** Founds one register, migrated and empty. */
export async function foundTemplate(): Promise<Template> {
	const data = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-template-'));
	const masterKey = await newMasterKey();
	const settings = readSettings({ ...process.env, KUUNTELUPISTE_DATA: data, KUUNTELUPISTE_MASTER_KEY: masterKey });
	await found(settings, {
		furnish: async (client) => {
			await admit(client);
		}
	});
	return { data, masterKey };
}

/** Opens a register on a copy of the template. Settings are given as environment variables. */
export async function houseOn(template: Template, environment: Record<string, string> = {}): Promise<House> {
	const data = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-house-'));
	await cp(template.data, data, { recursive: true });
	const settings = readSettings({
		...process.env,
		// Most tests are about something else; those about signing in turn it on.
		KUUNTELUPISTE_SECOND_FACTOR: 'no',
		...environment,
		KUUNTELUPISTE_DATA: data,
		KUUNTELUPISTE_MASTER_KEY: template.masterKey
	});
	const server = await startServer({ program: await findProgram(settings.pocketbaseBin), data });
	const clock: House['clock'] = { now: undefined };
	const register = await openRegister(settings, server.url, { now: () => clock.now ?? new Date() });
	const superuser = newClient(server.url);
	await superuser.collection('_superusers').authWithPassword(account.email, account.password);
	return {
		register,
		superuser,
		data,
		masterKey: template.masterKey,
		url: server.url,
		server,
		clock,
		async close() {
			await register.accessLog.close().catch(() => undefined);
			register.rows.close();
			await server.stop();
			await rm(data, { recursive: true, force: true });
		}
	};
}
