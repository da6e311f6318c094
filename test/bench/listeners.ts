import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { written } from '#pocketbase/collection.ts';
import { furnish } from '../support/people.ts';
import { serve } from '../support/serving.ts';
import { plantCalls, plantHearers } from './sound/hearers.ts';
import { startPlayers } from './sound/players.ts';
import { childrenOf, usedBy } from './sound/process.ts';
import { need } from './sound/tools.ts';
import { at, median, tell } from './whole/figure.ts';

// Many who listen at once, each at a kiosk of their own with a visit, a grant and lines in the log: five minutes of
// 64 kb/s, read in real time, with a seek about every thirty seconds. Meanwhile some, who hear a long call in one go,
// lose their right, by a change in the database that the server is not told of. `npm run bench -- listeners [seconds] [listeners]`

const [seconds = 60, listeners = 1000] = process.argv.slice(2).map(Number);
const rate = 8000;
const size = 300 * rate;
// More than what lies between the server and a player can hold.
const long = 24_000_000;
const losers = Math.min(20, Math.floor(listeners / 5));

need();
const serving = await serve(furnish);
try {
	const [longOne = '', ...calls] = await plantCalls(serving, [
		randomBytes(long),
		...Array.from({ length: Math.min(50, listeners) }, () => randomBytes(size))
	]);
	const isLoser = (hearer: number): boolean => hearer < losers;
	const callOf = (hearer: number): string => (isLoser(hearer) ? longOne : (calls[hearer % calls.length] ?? ''));
	const hearers = await plantHearers(serving, listeners, (hearer) => [callOf(hearer)]);
	const asks = hearers.map(({ recordings: [call], cookie }, hearer) => ({
		...{ path: `/audio/${call}`, cookie },
		...(isLoser(hearer) ? { size: long, seeks: false } : { size, seeks: true })
	}));
	const { pid } = serving;
	const [database = 0] = childrenOf(pid);
	const idle = usedBy(pid).megabytes;
	const began = performance.now();
	const before = usedBy(pid).cpuSeconds;
	const players = await startPlayers({ origin: serving.origin, asks, rate });
	const start = { seconds: (performance.now() - began) / 1000, cpu: usedBy(pid).cpuSeconds - before };
	console.log(
		`${listeners} began within ${start.seconds.toFixed(0)} s, ${start.cpu.toFixed(0)} s of the server's time`
	);

	const superuser = await serving.superuser();
	const from = { ours: usedBy(pid).cpuSeconds, theirs: usedBy(database).cpuSeconds, at: performance.now() };
	const memory: number[] = [];
	let lost = 0;
	while (performance.now() - from.at < seconds * 1000) {
		await wait(500);
		memory.push(usedBy(pid).megabytes);
		const due = Math.ceil((losers * (performance.now() - from.at)) / (seconds * 1000 * 0.9));
		for (; lost < Math.min(due, losers); lost++) {
			const hearer = hearers[lost];
			await (lost % 2 === 0
				? superuser.collection('kiosks').update(hearer?.kiosk ?? '', { revoked: written(new Date()) })
				: superuser.collection('visits').update(hearer?.visit ?? '', { state: 'ended' }));
			players.lost(lost);
		}
	}
	const took = (performance.now() - from.at) / 1000;
	const cpu = { ours: usedBy(pid).cpuSeconds - from.ours, theirs: usedBy(database).cpuSeconds - from.theirs };
	await wait(1500);
	const seen = await players.end();
	const log = new DatabaseSync(path.join(serving.data, 'access-log', 'log.db'), { readOnly: true });
	const lines = (action: string): number =>
		Number(log.prepare('SELECT count(*) AS n FROM entries WHERE canonical LIKE ?').get(`%"${action}"%`)?.['n']);
	const begun = lines('listen_begin');
	log.close();

	const third = Math.floor(memory.length / 3);
	const growth = (median(memory.slice(-third)) / median(memory.slice(0, third)) - 1) * 100;
	console.table([
		{
			listeners,
			seconds: Math.round(took),
			'MB given': Math.round(seen.megabytes),
			'begun in the log': begun,
			seeks: seen.waits.length,
			'seek to sound, median ms': median(seen.waits).toFixed(1),
			'p99 ms': at(seen.waits, 0.99).toFixed(1),
			'memory idle, MB': Math.round(idle),
			'PocketBase, of a core': (cpu.theirs / took).toFixed(2),
			faults: seen.faults.length
		}
	]);
	if (seen.faults.length > 0) throw new Error(`players lost their sound: ${[...new Set(seen.faults)].join(', ')}`);
	if (begun !== listeners) throw new Error(`${begun} listenings are in the log, of ${listeners}`);
	if (seen.revoked.length !== losers) throw new Error('not each that lost its right was seen');
	if (seen.revoked.some(({ bytesMissing }) => bytesMissing <= 0)) throw new Error('somebody heard it to the end');
	const late = seen.revoked.filter(({ bytesAfterASecond }) => bytesAfterASecond > 0).length;
	tell(
		{ what: `${listeners} listeners, buffers that ran empty (times)`, figure: seen.empty, most: 0 },
		{ what: `${listeners} listeners, the server, of a core`, figure: (cpu.ours / took) * 100, unit: '%', most: 70 },
		{
			what: `${listeners} listeners, the server's memory at its most`,
			figure: Math.max(...memory),
			unit: 'MB',
			most: 400
		},
		{ what: `${listeners} listeners, that memory's growth meanwhile`, figure: growth, unit: '%', most: 5 },
		{ what: `${losers} who lost their right, with a byte after a second`, figure: late, most: 0 },
		{
			what: `${losers} who lost their right, last byte of the slowest`,
			figure: Math.max(...seen.revoked.map(({ lastMs }) => lastMs)),
			unit: 'ms',
			most: 1000
		}
	);
} finally {
	await serving.remove();
}
