import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { openAccessLog } from '#access-log/log.ts';
import { verify } from '#access-log/verify.ts';
import { readSettings } from '#settings.ts';
import { mustBeFounded } from './database.ts';

interface Options {
	checkpoints?: string;
	publicKey?: string;
}

const verifyCommand = new Command('verify')
	.description('walk the access log from its first entry and name the first break, if there is one (exit 1)')
	.argument('[folder]', 'a copy of the log’s folder, instead of the one in the data folder')
	.option('--checkpoints <folder>', 'compare with the checkpoints in a second folder too')
	.option('--public-key <file>', 'the log’s public key as it was printed at set-up, instead of the one beside the log')
	.action(async (folder: string | undefined, { checkpoints, publicKey }: Options) => {
		const verdict = await verify(folder ?? ownFolder().directory, {
			checkpoints,
			publicKey: publicKey && (await readFile(publicKey, 'utf8')),
			onProgress: (entries) => process.stderr.isTTY && process.stderr.write(`\r${entries} entries …`)
		});
		if (verdict.intact) {
			const { checkpoint } = verdict;
			const behind = verdict.entries - (checkpoint?.size ?? 0);
			if (behind > 0) {
				const upTo = checkpoint ? `${checkpoint.size}, signed at ${checkpoint.at}` : 'none';
				console.error(`the last checkpoint covers ${upTo}; for ${behind} after it nothing vouches yet`);
			}
			console.log(`${verdict.entries} entries, intact`);
			return;
		}
		console.error(`broken at entry ${verdict.sequence}: ${verdict.fault}`);
		process.exitCode = 1;
	});

const rotateCommand = new Command('rotate-key')
	.description('give the log a new signing key, for which the old one vouches; the application must not be running')
	.action(async () => {
		const { directory, checkpoints } = ownFolder();
		const log = await openAccessLog(directory, { now: () => new Date(), checkpoints });
		try {
			const publicKey = await log.rotateKey({ action: 'rotate_log_key', role: 'system', outcome: 'done' });
			console.log(`The log's new public key, for the auditor:\n${publicKey}`);
		} finally {
			await log.close();
		}
	});

export const logCommand = new Command('log')
	.description('the access log')
	.addCommand(verifyCommand)
	.addCommand(rotateCommand);

function ownFolder(): { directory: string; checkpoints: string | undefined } {
	const settings = readSettings(process.env);
	mustBeFounded(settings);
	return { directory: path.join(settings.data, 'access-log'), checkpoints: settings.checkpoints };
}
