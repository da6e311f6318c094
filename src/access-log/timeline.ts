import type { Logged } from './entry.ts';
import type { AccessLog } from './log.ts';

/** What has a timeline of its own. A person is in it as who did something, and as to whom it was done. */
export const timelines = ['recording', 'visit', 'request', 'person'] as const;
export type Timeline = (typeof timelines)[number];

/** The last `limit` entries about one thing below `before`, oldest first. */
export async function timeline(
	log: Pick<AccessLog, 'read'>,
	kind: Timeline,
	id: string,
	{ before, limit }: { before?: number | undefined; limit: number }
): Promise<Logged[]> {
	const wheres = kind === 'person' ? [{ actor: id }, { person: id }] : [{ [kind]: id }];
	const found = await Promise.all(wheres.map((where) => log.read({ before, limit, where })));
	const once = new Map(found.flat().map((entry) => [entry.sequence, entry]));
	return [...once.values()].sort((a, b) => a.sequence - b.sequence).slice(-limit);
}
