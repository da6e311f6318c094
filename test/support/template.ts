import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { found } from '#commands/found.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { readSettings } from '#settings.ts';
import { superuser } from './superuser.ts';

declare module 'vitest' {
	interface ProvidedContext {
		template: { data: string; masterKey: string };
	}
}

/** Founds one register, migrated and empty, of which every test file gets a copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const data = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-template-'));
	const masterKey = await newMasterKey();
	const settings = readSettings({ ...process.env, KUUNTELUPISTE_DATA: data, KUUNTELUPISTE_MASTER_KEY: masterKey });
	await found(settings, {
		furnish: async (client) => {
			// The tests may look at everything; the product itself never can.
			await client.collection('_superusers').create({ ...superuser, passwordConfirm: superuser.password });
		}
	});
	project.provide('template', { data, masterKey });
	return () => rm(data, { recursive: true, force: true });
}
