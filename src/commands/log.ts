import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { verify } from '#access-log/verify.ts';
import { readSettings } from '#settings.ts';
import { mustBeFounded } from './database.ts';

interface Options {
	checkpoints?: string;
	publicKey?: string;
}

export const logCommand = new Command('log').description('the access log').addCommand(
	new Command('verify')
		.description('walk the access log from its first entry and name the first break, if there is one (exit 1)')
		.option('--checkpoints <folder>', 'compare with the checkpoints in a second folder too')
		.option(
			'--public-key <file>',
			'the log’s public key as it was printed at set-up, instead of the one beside the log'
		)
		.action(async ({ checkpoints, publicKey }: Options) => {
			const settings = readSettings(process.env);
			mustBeFounded(settings);
			const verdict = await verify(path.join(settings.data, 'access-log'), {
				checkpoints,
				publicKey: publicKey && (await readFile(publicKey, 'utf8')),
				onProgress: (entries) => process.stderr.isTTY && process.stderr.write(`\r${entries} entries …`)
			});
			if (verdict.intact) {
				console.log(`${verdict.entries} entries, intact`);
				return;
			}
			console.error(`broken at entry ${verdict.sequence}: ${verdict.fault}`);
			process.exitCode = 1;
		})
);
