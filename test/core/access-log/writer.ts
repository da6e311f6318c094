// A process of its own that writes a log: `N` on its standard input writes three entries numbered N, `end N` one that
// ends something; both are answered `done …` or `failed … REASON`. `fill` fills the disk, `free` frees it, `verify` says
// what it found. Its first line is `open` or `refused REASON`. It ends with its input.
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { isFailure } from '#failures.ts';
import { createSigningKey } from '#access-log/keys.ts';
import { openAccessLog } from '#access-log/log.ts';
import { verify } from '#access-log/verify.ts';
import { entry } from './entries.ts';

const reasonOf = (fault: unknown): string => (isFailure(fault) ? fault.reason : String(fault));
const folder = process.argv[2] ?? '';
const filler = path.join(folder, 'somebody-elses-file');
const others: Record<string, () => Promise<string>> = {
	async fill() {
		// Ever smaller pieces, until not even one byte fits.
		for (let bytes = 1024 * 1024; bytes >= 1;) {
			try {
				writeFileSync(filler, Buffer.alloc(bytes), { flag: 'a' });
			} catch {
				bytes = Math.floor(bytes / 2);
			}
		}
		return 'full';
	},
	async free() {
		rmSync(filler);
		return 'free';
	},
	verify: async () => JSON.stringify(await verify(folder))
};
const say = (line: string) => process.stdout.write(`${line}\n`);

if (process.argv[3] === 'new') await createSigningKey(folder);
try {
	const log = await openAccessLog(folder, { now: () => new Date() });
	say('open');
	for await (const line of createInterface({ input: process.stdin })) {
		if (line in others) {
			say((await others[line]?.()) ?? '');
			continue;
		}
		const one = entry(Number(line.replace('end ', '')));
		log.append(line.startsWith('end ') ? { ...one, action: 'listen_end' } : [one, one, one]).then(
			() => say(`done ${line}`),
			(fault: unknown) => say(`failed ${line} ${reasonOf(fault)}`)
		);
	}
	await log.close();
} catch (fault) {
	say(`refused ${reasonOf(fault)}`);
}
