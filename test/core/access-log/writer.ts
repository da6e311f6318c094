// A process of its own that writes a log: `N` on its standard input writes three entries numbered N, and is answered
// `done N` or `failed N REASON`; its first line is `open` or `refused REASON`. It ends with its input.
import { createInterface } from 'node:readline';
import { isFailure } from '#failures.ts';
import { openAccessLog } from '#access-log/log.ts';
import { entry } from './entries.ts';

const reasonOf = (fault: unknown): string => (isFailure(fault) ? fault.reason : String(fault));
const say = (line: string) => process.stdout.write(`${line}\n`);

try {
	const log = await openAccessLog(process.argv[2] ?? '', { now: () => new Date() });
	say('open');
	for await (const line of createInterface({ input: process.stdin })) {
		const one = entry(Number(line));
		log.append([one, one, one]).then(
			() => say(`done ${line}`),
			(fault: unknown) => say(`failed ${line} ${reasonOf(fault)}`)
		);
	}
	await log.close();
} catch (fault) {
	say(`refused ${reasonOf(fault)}`);
}
