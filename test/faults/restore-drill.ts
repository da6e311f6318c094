import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { verify } from '#access-log/verify.ts';
import { found } from '#commands/found.ts';
import { newId, written } from '#pocketbase/collection.ts';
import { fill } from '#pocketbase/filling.ts';
import { destroyAfter } from '#recordings/term.ts';
import { openKeys } from '#register.server.ts';
import { helsinkiDay } from '#sealing/day.ts';
import { newMasterKey } from '#sealing/keyring.ts';
import { seal } from '#sealing/seal.ts';
import { readSettings } from '#settings.ts';
import { furnish } from '../support/people.ts';
import { runCommand } from '../support/serving.ts';
import { look } from './kills/stage.ts';

// A backup of so many recordings, of which a day is destroyed afterwards, is restored elsewhere: that day does not play
// there, everything else opens, and the log verifies. `npm run faults -- restore-drill [recordings]`

const [recordings = 10_000] = process.argv.slice(2).map(Number);
const perDay = 100;
const place = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-drill-'));
const at = (...names: string[]): string => path.join(place, ...names);
const environment = {
	KUUNTELUPISTE_DATA: at('data'),
	KUUNTELUPISTE_MASTER_KEY: await newMasterKey(),
	KUUNTELUPISTE_SECOND_FACTOR: 'no'
};
const times: { step: string; seconds: string; says: string }[] = [];
let failed = false;
try {
	const settings = readSettings({ ...process.env, ...environment });
	await found(settings, { furnish });
	const over = await fillDays();
	const backup = await run('backup', ['backup', at('copies'), '--keys', at('keys')]);
	const destroyed = await run('the day is destroyed', ['sweep', '--yes-destroy', String(perDay)]);
	const [[copy = ''], [keys = '']] = [await readdir(at('copies')), await readdir(at('keys'))];
	const words = [at('copies', copy), '--keys', at('keys', keys)];
	const restored = await run('restore elsewhere', ['restore', ...words], { KUUNTELUPISTE_DATA: at('elsewhere') });
	const drilled = await run('drill, opening every recording', [
		'drill',
		...words,
		'--in',
		place,
		'--sample',
		String(recordings)
	]);
	console.table(times);

	const file = at('elsewhere', 'pocketbase', 'data.db');
	const left = look(file, 'SELECT count(*) AS n FROM recordings')[0]?.['n'];
	const ofThatDay = look(file, 'SELECT count(*) AS n FROM recordings WHERE key_day = ?', [over])[0]?.['n'];
	const keyring = await openKeys({ ...settings, data: at('elsewhere') });
	const hasKey = (await keyring.list()).days.includes(over);
	const verdict = await verify(at('elsewhere', 'access-log'));
	const opened = Number(/, (\d+) opened whole/.exec(drilled)?.[1]);
	console.table([
		{
			recordings,
			restored: left,
			'of the destroyed day': ofThatDay,
			'its key': hasKey ? 'there' : 'gone',
			opened,
			log: verdict.intact ? 'intact' : verdict.fault
		}
	]);
	const rest = recordings - perDay;
	failed ||=
		[backup, destroyed, restored, drilled].includes('') ||
		left !== rest ||
		ofThatDay !== 0 ||
		hasKey ||
		opened !== rest ||
		!verdict.intact;
} finally {
	await rm(place, { recursive: true, force: true });
}
if (failed) process.exitCode = 1;

/** A command of the product, timed; what it said, or nothing when it failed. */
async function run(step: string, command: string[], more: Record<string, string> = {}): Promise<string> {
	const began = performance.now();
	const { code, out, err } = await runCommand(command, { ...environment, ...more });
	times.push({
		step,
		seconds: ((performance.now() - began) / 1000).toFixed(1),
		says: (code === 0 ? out : err).trim().split('\n')[0]?.slice(0, 90) ?? ''
	});
	return code === 0 ? out : '';
}

/** So many recordings a day, each with its sealed file; the oldest day is past its six months. Gives that day. */
async function fillDays(): Promise<string> {
	const keyring = await openKeys(readSettings({ ...process.env, ...environment }));
	const days = recordings / perDay;
	let oldest = '';
	await fill(environment.KUUNTELUPISTE_DATA, 'recordings', async ({ database, write }) => {
		const [agent] = database.prepare("SELECT id, name, team FROM staff WHERE sign_in_name = 'agent'").all();
		database.exec('BEGIN');
		for (let day = 0; day < days; day++) {
			const began = Date.now() - (day === days - 1 ? 200 : day + 2) * 24 * 3600_000;
			for (let count = 0; count < perDay; count++) {
				const answered = new Date(began + count * 1000);
				const disconnected = new Date(answered.getTime() + 60_000);
				const plain = randomBytes(2000);
				const keyDay = helsinkiDay(answered);
				if (day === days - 1) oldest = keyDay;
				const row: Record<string, string | number> = {
					id: newId(),
					answered: written(answered),
					disconnected: written(disconnected),
					duration_ms: 60_000,
					direction: 'received',
					line: 'customer_service',
					service_number: '+358740010100',
					customer_number_masked: '+3584955501***',
					employee: String(agent?.['id']),
					employee_name: String(agent?.['name']),
					team: String(agent?.['team']),
					audio: 'sealed.age',
					audio_type: 'audio/wav',
					audio_bytes: plain.length,
					audio_sha256: createHash('sha256').update(plain).digest('hex'),
					key_day: keyDay,
					peaks: '[[0]]',
					channels: 1,
					destroy_after: written(destroyAfter(disconnected)),
					source_key: randomBytes(32).toString('hex'),
					checked: written(new Date())
				};
				const names = Object.keys(row);
				database.prepare(`INSERT INTO recordings (${names.join(', ')}) VALUES (:${names.join(', :')})`).run(row);
				write(String(row['id']), 'sealed.age', await seal(plain, await keyring.recipientFor(keyDay)));
			}
		}
		database.exec('COMMIT');
	});
	return oldest;
}
