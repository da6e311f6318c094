import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { Failure } from '#failures.ts';
import { demoAccounts, furnishDemo, layOutCalls } from '#demo/demo.ts';
import { addMany } from '#demo/many.ts';
import { written } from '#pocketbase/collection.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { takeEmpty } from '#pocketbase/folder.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { openKeys } from '#register.server.ts';
import { masterRecipient } from '#sealing/key-file.ts';
import { firstSignInName } from '#staff/password.ts';
import { publicOrigin, readSettings, type Settings } from '#settings.ts';
import { masterKeyOf } from '../master-key.ts';
import { withBar } from './bar.ts';
import { found } from './found.ts';
import { importFolder } from './import.ts';
import { wholeNumber } from './whole-number.ts';

const linkHours = 24;

export const initCommand = new Command('init')
	.description('make the data folder: keys, database, service accounts and the first maintainer')
	.option('--dry-run', 'look whether it could be made, say what would be, and change nothing')
	.option('--demo', 'add invented people, offices and calls (never into a folder that holds real data)')
	.option('--rows <number>', 'with --demo: so many invented calls besides, for measuring at full size', wholeNumber)
	.action(async ({ demo = false, rows = 0, dryRun = false }: { demo?: boolean; rows?: number; dryRun?: boolean }) => {
		const settings = readSettings(process.env);
		if (rows > 0 && !demo) throw new Failure('invalid', 'rows', { detail: '--rows is for the demo only: add --demo.' });
		if (dryRun) return tryOut(settings, { demo });
		await (demo ? initDemo(settings, rows) : initReal(settings));
	});

async function initReal(settings: Settings): Promise<void> {
	const secret = randomBytes(32).toString('base64url');
	const { publicKey } = await found(settings, { furnish: (superuser) => firstMaintainer(superuser, secret) });
	console.log(`The register is ready in ${settings.data}.`);
	console.log(
		`The first maintainer's link, for one use within ${linkHours} hours; it is not shown again. Start the server, then open:`
	);
	console.log(`${publicOrigin(settings)}/console/first#${secret}`);
	console.log(`Public key of the access log, for the auditor: ${publicKey}`);
}

/** Goes as far as it can without changing anything; refuses as the making would. */
async function tryOut(settings: Settings, { demo }: { demo: boolean }): Promise<void> {
	const { data } = settings;
	await takeEmpty(data, { dryRun: true });
	await findProgram(settings.pocketbaseBin);
	if (!demo) await masterRecipient(await masterKeyOf(settings));
	console.log(`Could be made in ${data}:`);
	console.log('  pocketbase/  the database, with three service accounts and no superuser whose password is known');
	console.log(`  keys/        the keyring, under ${demo ? 'a master key that lies open' : 'the master key'}`);
	console.log('  access-log/  the log and the key that signs it');
	console.log(demo ? '  and invented people and calls' : 'and a first account: maintainer, with a link for one use');
	console.log('Nothing was changed.');
}

/** Makes the demo's data folder, with progress; `serve --demo` uses it too. */
export async function initDemo(settings: Settings, rows = 0): Promise<void> {
	console.log('Making the demo: invented people, invented calls …');
	await found(settings, { demo: true, furnish: furnishDemo });
	const folder = await layOutCalls(new Date());
	try {
		await importFolder(settings, folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
	if (rows > 0) {
		const keyring = await openKeys(settings);
		await withBar('init', 'invented calls', (show) => addMany(settings.data, keyring, rows, show));
	}
	console.log(`The demo is ready in ${settings.data}. ${demoAccounts}`);
}

// The secret of the link is the account's first password: good for one sign-in, which ends with the person's own.
async function firstMaintainer(superuser: Client, secret: string): Promise<void> {
	await superuser.collection('staff').create({
		sign_in_name: firstSignInName,
		name: 'Maintainer',
		active: true,
		roles: ['maintainer'],
		password: secret,
		passwordConfirm: secret,
		one_time_until: written(new Date(Date.now() + linkHours * 3600_000))
	});
}
