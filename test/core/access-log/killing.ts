import { once } from 'node:events';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { verify } from '#access-log/verify.ts';
import { startWriter } from './writing.ts';

/** What came of killing a log's writer many times. */
export interface Killed {
	cycles: number;
	/** Batches of three entries that were said to be on the disk. */
	acknowledged: number;
	/** Those of them that are not there whole. */
	lost: number[];
	/** Batches of which a part is there. */
	halved: number[];
	/** Cycles after which the log did not verify. */
	broken: number[];
	entries: number;
}

/** Kills the writer of a log outright, again and again, each time in the middle of its work. */
export async function killCycles(
	folder: string,
	cycles: number,
	{ random, onCycle }: { random: (below: number) => number; onCycle?: (cycle: number) => void }
): Promise<Killed> {
	const acknowledged: number[] = [];
	const broken: number[] = [];
	for (let cycle = 0; cycle < cycles; cycle++) {
		const writer = startWriter(folder);
		if ((await writer.line()) !== 'open') throw new Error(`the writer of cycle ${cycle} did not open the log`);
		// Eight at a time, so that the kill meets it with answers still owed.
		let next = cycle * 100_000;
		const more = () => writer.send(Array.from({ length: 8 }, () => next++));
		const answers = 5 + random(60);
		more();
		for (let answer = 0; answer < answers; answer++) {
			acknowledged.push(numberOf(await writer.line()));
			if (answer % 8 === 0) more();
		}
		const gone = once(writer.process, 'exit');
		writer.process.kill('SIGKILL');
		await gone;
		// What it had said before it died counts too.
		for (let last = await writer.line(); last; last = await writer.line()) {
			if (/^done \d+$/.test(last)) acknowledged.push(numberOf(last));
		}
		if (!(await verify(folder)).intact) broken.push(cycle);
		onCycle?.(cycle + 1);
	}
	const counts = countsIn(folder);
	return {
		cycles,
		acknowledged: acknowledged.length,
		lost: acknowledged.filter((number) => counts.get(number) !== 3),
		halved: [...counts].filter(([, count]) => count !== 3).map(([number]) => number),
		broken,
		entries: [...counts.values()].reduce((sum, count) => sum + count, 0)
	};
}

function numberOf(line: string | undefined): number {
	const [, number] = /^done (\d+)$/.exec(line ?? '') ?? [];
	if (number === undefined) throw new Error(`the writer said: ${line}`);
	return Number(number);
}

/** How many entries each batch has; read past our own code. */
function countsIn(folder: string): Map<number, number> {
	const database = new DatabaseSync(path.join(folder, 'log.db'));
	const rows = database
		.prepare(
			`SELECT json_extract(canonical, '$.measures.position_ms') AS number, count(*) AS count FROM entries GROUP BY 1`
		)
		.all();
	database.close();
	return new Map(rows.map(({ number, count }) => [Number(number), Number(count)]));
}
