import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { rules, version } from '#doctor/database.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { startServer } from '#pocketbase/server.ts';
import { look, type Stage } from './stage.ts';
import type { Work } from './deeds.ts';

const migrations = fileURLToPath(new URL('../../../pb_migrations/', import.meta.url));
/** What the first version had; every other migration is still to come. */
const first = 4;
const calls = 3000;

/** A data folder of the first version, with some thousand calls, is brought to the newest form. */
export async function migrate({ place }: Stage, cycle: number): Promise<Work> {
	const old = await oldRegister(path.join(place, 'old'));
	const data = path.join(place, `migrated-${cycle}`);
	await cp(old, data, { recursive: true });
	const file = path.join(data, 'pocketbase', 'data.db');
	let child: ChildProcess | undefined;
	const words = ['migrate', 'up', `--dir=${path.dirname(file)}`, `--migrationsDir=${migrations}`];
	return {
		command: () => child,
		async run() {
			child = spawn(await findProgram(undefined), words, { stdio: 'ignore' });
			await once(child, 'close');
		},
		async after() {
			const server = await startServer({ program: await findProgram(undefined), data });
			await server.stop();
			const database = new DatabaseSync(file, { readOnly: true });
			const findings = [version(database), rules(database)];
			database.close();
			const wrong: string[] = findings.flatMap(({ state, said }) => (state === 'fine' ? [] : [said]));
			const [whole] = look(file, 'PRAGMA integrity_check');
			if (whole?.['integrity_check'] !== 'ok') wrong.push('the migrated database is not whole');
			const there = look(file, 'SELECT id FROM recordings').length;
			if (there !== calls) wrong.push(`${there} of ${calls} calls are left`);
			await rm(data, { recursive: true });
			return wrong;
		}
	};
}

/** Made once, by the very migrations of then. */
async function oldRegister(data: string): Promise<string> {
	const [pocketbase, then] = [path.join(data, 'pocketbase'), path.join(data, 'then')];
	if ((await readdir(data).catch(() => [])).length > 0) return data;
	await mkdir(then, { recursive: true });
	for (const name of (await readdir(migrations)).sort().slice(0, first)) {
		await copyFile(path.join(migrations, name), path.join(then, name));
	}
	const words = ['migrate', 'up', `--dir=${pocketbase}`, `--migrationsDir=${then}`];
	await once(spawn(await findProgram(undefined), words, { stdio: 'ignore' }), 'close');
	const database = new DatabaseSync(path.join(pocketbase, 'data.db'));
	const columns = database.prepare("SELECT name FROM pragma_table_info('recordings')").all();
	const values: Record<string, string | number> = {
		id: "'r' || printf('%014d', n)",
		answered: "strftime('%Y-%m-%d %H:%M:%S.000Z', 'now', '-' || n || ' minutes')",
		disconnected: "strftime('%Y-%m-%d %H:%M:%S.000Z', 'now', '-' || n || ' minutes', '+59 seconds')",
		duration_ms: 59_000,
		customer_number_masked: "'+3584955' || printf('%02d', n % 100) || '***'",
		source_key: "printf('%064d', n)",
		audio: "'sealed.age'"
	};
	const named = columns.map(({ name }) => String(name)).filter((name) => name in values);
	database.exec(
		`INSERT INTO recordings (${named.join(', ')}) WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < ${calls})
			SELECT ${named.map((name) => values[name]).join(', ')} FROM count`
	);
	database.close();
	return data;
}
