import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { found } from '#commands/found.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { startServer } from '#pocketbase/server.ts';
import { openRegister } from '#register.server.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { readSettings } from '#settings.ts';
import { signIn } from '#staff/sign-in.ts';
import { furnish } from '../support/people.ts';
import { median, tell } from './whole/figure.ts';

// How long a no takes for a name that nobody has beside a wrong password for one that somebody has: the check itself, and
// the answer that a person gets.

const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-bench-'));
const settings = readSettings({
	...process.env,
	KUUNTELUPISTE_DATA: path.join(folder, 'data'),
	KUUNTELUPISTE_MASTER_KEY: await newMasterKey()
});
await found(settings, { furnish });
const database = await startServer({ program: await findProgram(settings.pocketbaseBin), data: settings.data });
const register = await openRegister(settings, database.url);
const names = { 'an unknown name': 'nobody', 'a wrong password': 'agent' };
type Kind = keyof typeof names;

async function measure(what: string, rounds: number, ask: (name: string, round: number) => Promise<unknown>) {
	const times: Record<Kind, number[]> = { 'an unknown name': [], 'a wrong password': [] };
	for (let round = 0; round < rounds; round++) {
		// Either comes first in turn, so that what else the machine does falls on both.
		const kinds = Object.keys(names) as Kind[];
		for (const kind of round % 2 === 0 ? kinds : kinds.reverse()) {
			const began = performance.now();
			await ask(names[kind], round).catch(() => undefined);
			times[kind].push(performance.now() - began);
		}
	}
	const ratio = median(times['an unknown name']) / median(times['a wrong password']);
	tell({ what: `${what} for an unknown name, beside a wrong password`, figure: ratio });
	return Object.entries(times).map(([kind, taken]) => {
		const sorted = taken.sort((one, other) => one - other);
		const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? NaN).toFixed(1);
		return { kind, 'median, ms': at(0.5), 'least, ms': at(0), 'most, ms': at(1) };
	});
}

console.log('the check alone');
console.table(await measure('the check', 100, (name) => register.pocketbase.signIn(name, 'not the password')));
console.log('the answer, from another address each time, so that no limit is met');
console.table(
	await measure('the answer', 14, async (name, round) => {
		const browser = register.signInLimits.remember(name);
		await signIn(register, name, 'not the password', { address: `192.0.2.${round}`, browser });
	})
);

await register.accessLog.close();
await database.stop();
await rm(folder, { recursive: true, force: true });
