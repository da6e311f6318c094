import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { verify } from '#access-log/verify.ts';
import { book, nightNames } from './nights.ts';
import { setClockStage, type Clocked } from './stage.ts';

/** What came of one case. */
export interface ClockCase {
	name: string;
	/** What was not as it must be, in words. */
	wrong: string[];
}

const day = 24 * 3600_000;
const jumps: [string, number][] = [
	['an hour', 3600_000],
	['a day', day],
	['a year', 365 * day]
];

/** Every case, or those of these names: the jumps on one server, each night on its own. */
export async function clockCases({
	only,
	onCase
}: { only?: readonly string[] | undefined; onCase?: (name: string) => void } = {}): Promise<ClockCase[]> {
	const cases: [string, (stage: Clocked) => Promise<string[]>][] = [
		...jumps.map(([far, ms]): (typeof cases)[number] => [`${far} ahead`, (stage) => ahead(stage, ms)]),
		...jumps.map(([far, ms]): (typeof cases)[number] => [`${far} back`, (stage) => back(stage, ms)]),
		...jumps.map(([far, ms]): (typeof cases)[number] => [`started ${far} behind`, (stage) => startedBehind(stage, ms)]),
		['started a year ahead', startedAhead]
	];
	const found: ClockCase[] = [];
	const some = cases.filter(([name]) => only?.includes(name) ?? true);
	const stage = some.length > 0 ? await setClockStage() : undefined;
	try {
		for (const [name, run] of some) {
			if (!stage) break;
			onCase?.(name);
			const wrong = await run(stage);
			await stage.set(0);
			const verdict = await verify(path.join(stage.serving.data, 'access-log'));
			if (!verdict.intact) wrong.push(`the log is broken at entry ${verdict.sequence}`);
			found.push({ name, wrong: [...wrong, ...stage.lost()] });
		}
	} finally {
		await stage?.remove();
	}
	for (const name of nightNames.filter((one) => only?.includes(one) ?? true)) {
		onCase?.(name);
		found.push({ name, wrong: await book(name) });
	}
	return found;
}

/** What ends, has ended; nothing is destroyed; and all is as before when the clock is set right. */
async function ahead(stage: Clocked, ms: number): Promise<string[]> {
	const { serving, calls, ask, set } = stage;
	const wrong: string[] = [];
	const [cookie, headers] = [await stage.signIn(), await stage.hearer(1800)];
	if ((await ask(`/audio/${calls.fresh}`, headers)) !== 200) wrong.push('the visitor hears nothing to begin with');
	await set(ms);
	if ((await ask(`/audio/${calls.fresh}`, headers)) === 200) wrong.push('a visit whose hour is over goes on');
	if ((await ask('/console/requests', { Cookie: cookie })) === 200) wrong.push('a session that is over goes on');
	const { code } = await serving.command('sweep');
	const [last] = stage.lines("SELECT outcome FROM entries WHERE action = 'sweep' ORDER BY sequence DESC LIMIT 1");
	if (ms > 300 * day && (code !== 1 || last?.['outcome'] !== 'refused')) wrong.push('a sweep did not stop and ask');
	wrong.push(...stage.lost());
	const later = await stage.signIn();
	await set(0);
	if ((await ask('/console/requests', { Cookie: later })) === 200) wrong.push('a session of the time ahead goes on');
	if ((await ask('/console/requests', { Cookie: await stage.signIn() })) !== 200)
		wrong.push('nobody can work any more');
	return wrong;
}

/** Nothing lives longer, and the log goes on in order. */
async function back(stage: Clocked, ms: number): Promise<string[]> {
	const { serving, calls, ask, set } = stage;
	const wrong: string[] = [];
	const [cookie, headers] = [await stage.signIn(), await stage.hearer(6)];
	const [before] = stage.lines('SELECT max(sequence) AS last FROM entries');
	await set(-ms);
	if ((await ask(`/audio/${calls.fresh}`, headers)) !== 200) wrong.push('a visit that goes on hears nothing');
	if ((await ask('/console/requests', { Cookie: cookie })) !== 200) wrong.push('a session that goes on is over');
	await wait(7000);
	if ((await ask(`/audio/${calls.fresh}`, headers)) === 200) wrong.push('a visit outlives its hour');
	if ((await serving.command('sweep')).code !== 0) wrong.push('a sweep stopped');
	const times = stage.lines(`SELECT at FROM entries WHERE sequence >= ${Number(before?.['last'])} ORDER BY sequence`);
	const inOrder = times.every(({ at }, index) => index === 0 || String(times[index - 1]?.['at']) <= String(at));
	if (times.length < 2 || !inOrder) wrong.push('the log is out of order');
	return wrong;
}

/** The start is refused, and goes on when somebody says that the clock is right: the log says so too. */
async function startedBehind(stage: Clocked, ms: number): Promise<string[]> {
	const { serving, set } = stage;
	const wrong: string[] = [];
	await serving.stop();
	await set(-ms);
	const refused = await serving.again().then(
		() => '',
		(fault: unknown) => String(fault)
	);
	if (!refused.includes('is behind the newest entry of the access log'))
		wrong.push('a start behind the log is not refused');
	await serving.again('--clock-is-right').catch((fault: unknown) => wrong.push(String(fault)));
	const [start] = stage.lines(
		"SELECT json_extract(canonical, '$.reason') AS reason FROM entries WHERE action = 'system_start' ORDER BY sequence DESC LIMIT 1"
	);
	if (start?.['reason'] !== 'clock_was_ahead') wrong.push('the log does not say that the clock was behind');
	await serving.stop();
	await set(0);
	await serving.again();
	return wrong;
}

/** What has come due by that clock waits for an operator. */
async function startedAhead(stage: Clocked): Promise<string[]> {
	const { serving, set } = stage;
	await serving.stop();
	await set(365 * day);
	await serving.again();
	const { code, err } = await serving.command('sweep');
	const wrong = code === 1 && err.includes('more than a week') ? [] : ['a sweep did not stop and ask'];
	// What the server does by itself when it starts has been done by now.
	await wait(1000);
	wrong.push(...stage.lost());
	await serving.stop();
	await set(0);
	await serving.again('--clock-is-right');
	await serving.stop();
	await serving.again();
	return wrong;
}
