import path from 'node:path';
import { Command } from 'commander';
import { verify } from '#access-log/verify.ts';
import { readSettings } from '#settings.ts';
import { mustBeFounded } from './database.ts';

export const logCommand = new Command('log').description('the access log').addCommand(
	new Command('verify')
		.description('walk the access log from its first entry and name the first break, if there is one (exit 1)')
		.option('--checkpoints <folder>', 'compare with the checkpoints kept outside')
		.action(async ({ checkpoints }: { checkpoints?: string }) => {
			const settings = readSettings(process.env);
			mustBeFounded(settings);
			const verdict = await verify(path.join(settings.data, 'access-log'), { checkpoints });
			if (verdict.intact) {
				console.log(`${verdict.entries} entries, intact`);
				return;
			}
			console.error(`broken at entry ${verdict.sequence}: ${verdict.fault}`);
			process.exitCode = 1;
		})
);
