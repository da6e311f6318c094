import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http, { type IncomingMessage } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openKeys } from '#register.server.ts';
import { readSettings } from '#settings.ts';
import { people } from '#staff/person.ts';
import { day, call } from '../core/retention/scene.ts';
import { furnish } from './people.ts';
import * as plant from './plant.ts';
import { serve, type Serving } from './serving.ts';

/** Of so many plays, how many had their line on the disk before the first byte of sound left. */
export interface Seen {
	plays: number;
	inOrder: number;
	/** What was seen of those that were not. */
	wrong: string[];
}

/** Whether this machine lets one process watch another's system calls. */
export function canWatch(): boolean {
	return spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
}

/**
 * Plays so many recordings at a kiosk of the real server, whose system calls strace writes down, and looks for each
 * whether its line was written to the log's file and brought to the disk before the answer's first bytes.
 */
export async function watchPlays(plays: number): Promise<Seen> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-strace-'));
	const trace = path.join(folder, 'trace');
	const calls = 'trace=pwrite64,write,writev,sendto,sendmsg,fdatasync,fsync';
	// The whole of a page of the log: the line may stand at its end.
	const serving = await serve(furnish, {}, ['strace', '-D', '-f', '-y', '-s', '9000', '-e', calls, '-o', trace]);
	try {
		const recordings = await play(serving, plays);
		await serving.stop();
		return look(await whole(trace), recordings);
	} finally {
		await serving.remove();
		await rm(folder, { recursive: true, force: true });
	}
}

async function play(serving: Serving, plays: number): Promise<string[]> {
	const superuser = await serving.superuser();
	const keyring = await openKeys(readSettings({ ...process.env, ...serving.environment }));
	const [agent, contact] = await Promise.all(
		['agent', 'contact'].map((name) => people(superuser).first({ filter: 'sign_in_name = {:name}', params: { name } }))
	);
	const [office] = await superuser.collection('offices').getFullList();
	if (!agent || !contact || !office) throw new Error('the register is not furnished');
	const answered = new Date(Date.now() - 10 * day);
	const recordings: string[] = [];
	for (let count = 0; count < plays; count++) {
		recordings.push(
			(await call({ superuser, register: { keyring } }, agent, answered, { plain: Buffer.alloc(4000, 7) })).id
		);
	}
	const of = { office: office.id, contact: contact.id, calls: recordings };
	const { headers } = await plant.hearer({ superuser }, of);
	for (const id of recordings) {
		const asking = http.get(`${serving.origin}/audio/${id}`, { agent: false, headers });
		const [answer] = (await once(asking, 'response')) as [IncomingMessage];
		answer.resume();
		await once(answer, 'end');
		if (answer.statusCode !== 200) throw new Error(`a play was answered with ${answer.statusCode}`);
	}
	return recordings;
}

/** The trace, when the tracer has written it to its end. */
async function whole(trace: string): Promise<string> {
	for (let size = -1; ;) {
		const text = await readFile(trace, 'latin1');
		if (text.length === size && text.trimEnd().endsWith('+++')) return text;
		size = text.length;
		await wait(300);
	}
}

/**
 * The calls of a trace: one that was interrupted by another thread's stands where it began, as it was then, and once
 * more, with its result, where it came to its end.
 */
function callsOf(trace: string): string[] {
	const begun = new Map<string, string>();
	return trace.split('\n').map((line) => {
		const [, pid = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
		const [, start] = /^(.*) <unfinished \.\.\.>$/.exec(rest) ?? [];
		if (start !== undefined) begun.set(pid, start);
		const [, end] = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest) ?? [];
		return end === undefined ? rest : `${begun.get(pid) ?? ''}${end}`;
	});
}

/** Reads the trace in its order: for each play the line's writing, the log's sync after it, and the answer after that. */
export function look(trace: string, recordings: readonly string[]): Seen {
	const lines = callsOf(trace);
	const isLog = (line: string): boolean => line.includes('/access-log/log.db');
	const seen: Seen = { plays: recordings.length, inOrder: 0, wrong: [] };
	let from = 0;
	for (const id of recordings) {
		// The answers come one after another: the next one of sound is this play's.
		const body = lines.findIndex(
			(line, at) => at >= from && /HTTP\/1\.1 20[06] /.test(line) && line.includes('Content-Type: audio/wav')
		);
		const before = lines.slice(0, body < 0 ? 0 : body);
		const line = before.findIndex(
			(text) =>
				isLog(text) &&
				text.includes('pwrite64(') &&
				text.includes('listen_begin') &&
				text.includes(id) &&
				/ = \d+$/.test(text)
		);
		const synced = before.findIndex((text, at) => at > line && isLog(text) && /f(data)?sync\(.*= 0$/.test(text));
		if (line >= 0 && synced > line && body > synced) seen.inOrder++;
		else seen.wrong.push(`${id}: line ${line}, sync ${synced}, answer ${body}`);
		if (body >= 0) from = body + 1;
	}
	return seen;
}
