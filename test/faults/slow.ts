import { readFileSync } from 'node:fs';
import { several } from '#several.ts';
import { setTimeout as wait } from 'node:timers/promises';
import * as plant from '../support/plant.ts';
import { routeTable } from '../support/route-table.ts';
import { setStage, type Stage } from './kills/stage.ts';
import { databaseOf } from './kills/victims.ts';
import { halfOpen, slowReaders } from './slow/crowd.ts';
import { ask, meanwhile } from './slow/others.ts';

// Whoever only holds the server's attention keeps nobody else from it: thousands of connections that never say what they
// want, readers that take nothing of the sound that they asked for, and a database that does not answer.
// `npm run faults -- slow [connections] [readers]`

const [connections = 10_000, readers = 300] = process.argv.slice(2).map(Number);
const stage = await setStage();
const { serving } = stage;
const port = Number(new URL(serving.origin).port);
let failed = false;
try {
	const cookie = await stage.signIn();
	const { calls, contact, office } = stage;
	const house = { superuser: await stage.superuser() };
	const { headers: visitor } = await plant.hearer(house, { office, contact: contact.id, calls });
	const [call = '', other = ''] = stage.calls;
	const usual = [
		{ address: '/healthz', status: 200 },
		{ address: '/console/requests', status: 200, headers: { Cookie: cookie } },
		{ address: '/kiosk', status: 200, headers: { Cookie: visitor.Cookie } },
		{ address: `/audio/${call}`, status: 200, headers: visitor }
	];

	const quiet = await meanwhile(serving.origin, usual, wait(3000));
	console.table([{ meanwhile: 'nothing', ...quiet, memory: memory() }]);

	const crowd = await halfOpen(port, connections);
	const among = await meanwhile(
		serving.origin,
		usual,
		(async () => {
			// Nobody who does not say within ten seconds what they want may stay; it is looked at every two.
			for (let seconds = 0; crowd.left() > 0 && seconds < 40; seconds++) await wait(1000);
		})()
	);
	console.table([
		{ meanwhile: `${crowd.opened} half-open connections`, ...among, 'stayed for good': crowd.left(), memory: memory() }
	]);
	failed ||= crowd.opened < connections || crowd.left() > 0 || among.failed > 0;
	crowd.leave();

	const before = memory();
	const takers = await slowReaders(port, readers, `/audio/${other}`, visitor);
	const beside = await meanwhile(serving.origin, usual, wait(10_000));
	console.table([
		{ meanwhile: `${readers} readers that take nothing`, ...beside, 'memory before': before, memory: memory() }
	]);
	failed ||= beside.failed > 0;
	takers.leave();

	failed ||= !(await withoutDatabase(stage, [{}, { Cookie: cookie }, { Cookie: visitor.Cookie }]));
} finally {
	await stage.remove();
}
if (failed) process.exitCode = 1;

/** Every page while the database stands still, and again when it goes on. */
async function withoutDatabase(
	{ serving: { origin, pid } }: Stage,
	everybody: Record<string, string>[]
): Promise<boolean> {
	const database = databaseOf(pid);
	if (!database) throw new Error('there is no database');
	const asked = routeTable()
		.filter(({ kind, address }) => kind === 'page' && !address.includes('sign-out'))
		.flatMap(({ address }) =>
			everybody.map((headers) => ({ headers, address: address.replaceAll(/\[\w+\]/g, 'abcdefghijklmn1') }))
		);
	const look = async () => {
		const found: { status: number; ms: number; said: string; address: string }[] = [];
		await several(asked, 15, async ({ address, headers }) => {
			found.push({ address, ...(await ask(`${origin}${address}`, { Accept: 'text/html', ...headers })) });
		});
		return found;
	};
	const well = await look();
	process.kill(database, 'SIGSTOP');
	const ill = await look().finally(() => process.kill(database, 'SIGCONT'));
	for (let tries = 0; tries < 100 && (await ask(`${origin}/readyz`)).status !== 200; tries++) await wait(100);
	const again = await look();
	const calm = ({ status, said }: { status: number; said: string }): boolean =>
		status !== 0 && status !== 500 && !/Error|node_modules| at \w+ \(/.test(said);
	const key = ({ address, status }: { address: string; status: number }): string => `${address} ${status}`;
	const [slowestMs, hanging] = [Math.max(...ill.map(({ ms }) => ms)), ill.filter(({ ms }) => ms > 10_000)];
	const wrong = ill.filter((one) => !calm(one));
	const recovered = JSON.stringify(well.map(key).sort()) === JSON.stringify(again.map(key).sort());
	console.table([
		{
			meanwhile: 'a database that does not answer',
			pages: ill.length,
			'say so calmly (503)': ill.filter(({ status }) => status === 503).length,
			'not calm': wrong.length,
			slowestMs,
			'over 10 s': hanging.length,
			'as before afterwards': recovered
		}
	]);
	for (const { address, status, ms } of [...wrong, ...hanging]) console.error(`${address}: ${status} after ${ms} ms`);
	return wrong.length + hanging.length === 0 && recovered;
}

/** What the server holds in memory now. */
function memory(): string {
	const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${serving.pid}/status`, 'utf8')) ?? [];
	return `${Math.round(Number(kilobytes) / 1000)} MB`;
}
