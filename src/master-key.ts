import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#failures.ts';
import type { Settings } from '#settings.ts';

/** The demo's master key, which lies open in its data folder: what the demo seals is not secret. */
export const demoKeyFile = 'demo-master-key';

/**
 * The master key: from the environment, else from the named file, else the demo's own. It never lies in a real data
 * folder, so a copy of that folder opens nothing. Refuses with one line that says where to put it.
 */
export async function masterKeyOf(settings: Settings): Promise<string> {
	if (settings.masterKey) return settings.masterKey;
	const file = settings.masterKeyFile ?? path.join(settings.data, demoKeyFile);
	const key = await readFile(file, 'utf8').catch((cause: unknown) => {
		throw new Failure('unavailable', 'master_key_missing', {
			cause,
			detail: settings.masterKeyFile
				? 'KUUNTELUPISTE_MASTER_KEY_FILE cannot be read.'
				: 'There is no master key: set KUUNTELUPISTE_MASTER_KEY_FILE or KUUNTELUPISTE_MASTER_KEY.'
		});
	});
	return key.trim();
}

/** Whether the register in the data folder is a demo. */
export function isDemo(settings: Settings): boolean {
	return existsSync(path.join(settings.data, demoKeyFile));
}
