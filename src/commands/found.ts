import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createSigningKey } from '#access-log/keys.ts';
import { demoKeyFile, masterKeyOf } from '../master-key.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { share, takeEmpty } from '#pocketbase/folder.ts';
import { newClient, type Client, type Service } from '#pocketbase/pocketbase.ts';
import { setSuperuser, startServer } from '#pocketbase/server.ts';
import { createKeyring, newMasterKey, openKeyring } from '#sealing/keyring.ts';
import type { Settings } from '#settings.ts';

const services: Service[] = ['web', 'intake', 'retention'];

/** Whether the data folder holds a register. */
export function isFounded(settings: Settings): boolean {
	return existsSync(path.join(settings.data, 'keys'));
}

/**
 * Makes the data folder: keys, PocketBase with its migrations and service accounts, the access log's signing key; and
 * whatever `furnish` adds, once, as PocketBase's superuser. That superuser's password is random and thrown away: nothing
 * that runs later holds one (a maintainer at the machine can set a new one). Gives the access log's public key.
 * Refuses to touch a folder that holds anything.
 */
export async function found(
	settings: Settings,
	{ demo = false, furnish }: { demo?: boolean; furnish?: (superuser: Client) => Promise<void> } = {}
): Promise<{ publicKey: string }> {
	const { data } = settings;
	await takeEmpty(data);
	const program = await findProgram(settings.pocketbaseBin);
	if (demo) await writeFile(path.join(data, demoKeyFile), await newMasterKey(), { mode: 0o600 });
	const masterKey = await masterKeyOf(settings);
	const keys = path.join(data, 'keys');
	await createKeyring(keys, masterKey);
	const keyring = await openKeyring(keys, masterKey);
	const publicKey = await createSigningKey(path.join(data, 'access-log'));

	const place = { program, data, port: settings.pocketbasePort };
	// In hexadecimal: on the command line a password that begins with a dash would be taken for an option.
	const superuser = { name: 'founding@kuuntelupiste.internal', password: randomBytes(32).toString('hex') };
	await setSuperuser(place, superuser.name, superuser.password);
	const server = await startServer(place);
	try {
		const client = newClient(server.url);
		await client.collection('_superusers').authWithPassword(superuser.name, superuser.password);
		for (const name of services) {
			const password = randomBytes(32).toString('base64url');
			await keyring.writeSecret(`service-${name}`, password);
			await client.collection('services').create({ name, password, passwordConfirm: password });
		}
		await furnish?.(client);
	} finally {
		await server.stop();
	}
	await share(data);
	return { publicKey };
}
