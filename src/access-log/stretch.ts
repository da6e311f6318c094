import type { DatabaseSync } from 'node:sqlite';

/** A clock that was set back by no more than this moves no entry out of a stretch. */
const slackMs = 2 * 3600_000;

/**
 * The sequences between which all entries of a time lie. Times rise with the sequence but for clocks that were set
 * back, so some twenty looks into the log find the edges, and no index on time is needed. The edges are wide by two
 * hours, each of which costs what it holds: the exact times are still to be compared.
 */
export function stretchOf(
	database: DatabaseSync,
	{ from, to }: { from?: string | undefined; to?: string | undefined }
): { first?: number; last?: number } {
	if (from === undefined && to === undefined) return {};
	const edges = database.prepare(
		'SELECT (SELECT min(sequence) FROM entries) AS low, (SELECT max(sequence) FROM entries) AS high'
	);
	const { low, high } = edges.get() ?? {};
	if (typeof low !== 'number' || typeof high !== 'number') return {};
	const at = database.prepare('SELECT at FROM entries WHERE sequence >= ? ORDER BY sequence LIMIT 1');
	/** The first sequence whose time is not before this one; one after the last when there is none. */
	const search = (time: string): number => {
		let [below, above] = [low, high + 1];
		while (below < above) {
			const middle = Math.floor((below + above) / 2);
			if (String(at.get(middle)?.['at']) < time) below = middle + 1;
			else above = middle;
		}
		return below;
	};
	return {
		...(from === undefined ? {} : { first: search(moved(from, -slackMs)) }),
		...(to === undefined ? {} : { last: search(moved(to, slackMs)) })
	};
}

function moved(time: string, byMs: number): string {
	return new Date(new Date(time).getTime() + byMs).toISOString();
}
