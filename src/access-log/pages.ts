import { setImmediate as letOthers } from 'node:timers/promises';
import type { Logged } from './entry.ts';
import type { AccessLog } from './log.ts';
import type { Where } from './reading.ts';

const rows = 1000;

/**
 * All entries that fit, above the sequence `after`, oldest first, page by page, so that neither the memory nor those who
 * listen meanwhile feel how long the log is. Ends with the entries that there were when it began.
 */
export async function* pages(log: Pick<AccessLog, 'read'>, where: Where, after = 0): AsyncGenerator<Logged[]> {
	const [newest] = await log.read({ limit: 1 });
	const last = newest?.sequence ?? 0;
	for (let read = after; ;) {
		const page = (await log.read({ limit: rows, after: read, where })).filter(({ sequence }) => sequence <= last);
		if (page.length > 0) yield page;
		if (page.length < rows) return;
		read = page.at(-1)?.sequence ?? last;
		await letOthers();
	}
}

/** All entries that fit, oldest first, together; for what is known to be little. */
export async function all(log: Pick<AccessLog, 'read'>, where: Where, after = 0): Promise<Logged[]> {
	return (await Array.fromAsync(pages(log, where, after))).flat();
}
