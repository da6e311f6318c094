import { spawn } from 'node:child_process';
import path from 'node:path';
import { findProgram } from '#pocketbase/binary.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { House } from './house.ts';
import { freePort } from './serving.ts';

/** A second PocketBase on a house's data, which says every SQL that it makes of a question. */
export interface Asked {
	url: string;
	/** The questions about a table that `work` leads to, as the database gets them, rules and all. */
	during(work: () => Promise<unknown>, table?: string): Promise<string[]>;
	/** All that it says while `work` is done. */
	saying(work: () => Promise<unknown>): Promise<string>;
	/** Which ways PocketBase's own SQLite takes through its tables for them. */
	plan(sql: string): Promise<string[]>;
	stop(): Promise<void>;
}

/** Starts it; the house's own goes on beside it. */
export async function overhear(house: House): Promise<Asked> {
	const port = await freePort();
	const folder = path.join(house.data, 'pocketbase');
	const child = spawn(
		await findProgram(undefined),
		[
			'serve',
			'--dev',
			`--http=127.0.0.1:${port}`,
			`--dir=${folder}`,
			'--migrationsDir=pb_migrations',
			`--hooksDir=${path.join(folder, 'no-hooks')}`,
			`--publicDir=${path.join(folder, 'no-public')}`,
			'--hooksWatch=false',
			'--automigrate=false'
		],
		{ stdio: ['ignore', 'pipe', 'pipe'] }
	);
	let said = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text));
	const wait = async (what: () => boolean): Promise<void> => {
		while (!what()) await new Promise((resolve) => setTimeout(resolve, 20));
	};
	await wait(() => said.includes('Server started'));
	return {
		url: `http://127.0.0.1:${port}`,
		async during(work, table = 'calls') {
			said = '';
			await work();
			const questions = (): string[] =>
				plain(said)
					.split('\n')
					.filter((line) => line.includes(`FROM \`${table}\``))
					.map((line) => line.slice(line.indexOf('SELECT')));
			await wait(() => questions().length > 0);
			return questions();
		},
		async saying(work) {
			said = '';
			await work();
			return plain(said);
		},
		async plan(sql) {
			const { rows } = await askSql(house.superuser, `EXPLAIN QUERY PLAN ${sql}`);
			return rows.map((row) => String(row[3]));
		},
		async stop() {
			const gone = new Promise((resolve) => child.once('exit', resolve));
			child.kill('SIGTERM');
			await gone;
		}
	};
}

/** Runs SQL in PocketBase's own SQLite, as a superuser can. */
export function askSql(superuser: Client, query: string): Promise<{ rows: unknown[][] }> {
	return superuser.send('/api/sql', { method: 'POST', body: { query } });
}

/** Without the colours that it writes for a terminal. */
function plain(text: string): string {
	return text.replaceAll(/\u001B\[[0-9;]*m/g, '');
}
