import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Client } from '#pocketbase/pocketbase.ts';
import { openKeys } from '#register.server.ts';
import type { Keyring } from '#sealing/keyring.ts';
import { readSettings } from '#settings.ts';
import { people, type Person } from '#staff/person.ts';
import { call, day } from '../../core/retention/scene.ts';
import { furnish, password } from '../../support/people.ts';
import { serve, type Serving } from '../../support/serving.ts';

/** A real server with what the deeds need, and what is really on its disk. */
export interface Stage {
	serving: Serving;
	keyring: Keyring;
	agent: Person;
	contact: Person;
	office: string;
	/** Calls that are there all the time. */
	calls: string[];
	/** A folder outside the register, for exports and copies. */
	place: string;
	superuser(): Promise<Client>;
	/** Asks PocketBase's own file, past PocketBase. */
	rows(sql: string, ...given: (string | number)[]): Record<string, unknown>[];
	/** Asks the access log's own file. */
	lines(sql: string, ...given: (string | number)[]): Record<string, unknown>[];
	/** Sends a form as the contact person; gives the answer's status, 0 when there was none or they are not known any more. */
	send(address: string, form: Record<string, string>): Promise<number>;
	/** Signs the contact person in; gives the cookie of the session. */
	signIn(): Promise<string>;
	remove(): Promise<void>;
}

export async function setStage(): Promise<Stage> {
	const place = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-kills-'));
	const serving = await serve(async (superuser) => {
		await furnish(superuser);
		const agent = await superuser.collection('staff').getFirstListItem("sign_in_name = 'agent'");
		// The exports of the tests name somebody called so.
		await superuser.collection('staff').update(agent.id, { sign_in_name: 'aino' });
	});
	const superuser = await serving.superuser();
	const keyring = await openKeys(readSettings({ ...process.env, ...serving.environment }));
	const named = (name: string) => people(superuser).first({ filter: 'sign_in_name = {:name}', params: { name } });
	const [agent, contact] = [await named('aino'), await named('contact')];
	const [office] = await superuser.collection('offices').getFullList();
	if (!agent || !contact || !office) throw new Error('the register is not furnished');
	const calls: string[] = [];
	for (let count = 0; count < 4; count++) {
		const answered = new Date(Date.now() - 10 * day);
		const plain = Buffer.alloc(400_000, count + 1);
		calls.push((await call({ superuser, register: { keyring } }, agent, answered, { plain })).id);
	}
	let cookie = '';
	const ask = async (address: string, form: Record<string, string>): Promise<Response | undefined> =>
		fetch(`${serving.origin}${address}`, {
			method: 'POST',
			redirect: 'manual',
			headers: { Cookie: cookie, Origin: serving.origin, 'Sec-Fetch-Site': 'same-origin', Accept: 'text/html' },
			body: new URLSearchParams(form),
			signal: AbortSignal.timeout(20_000)
		}).then(
			async (answer) => (await answer.arrayBuffer(), answer),
			() => undefined
		);
	return {
		serving,
		keyring,
		agent,
		contact,
		office: office.id,
		calls,
		place,
		superuser: () => serving.superuser(),
		rows: (sql, ...given) => look(path.join(serving.data, 'pocketbase', 'data.db'), sql, given),
		lines: (sql, ...given) => look(path.join(serving.data, 'access-log', 'log.db'), sql, given),
		async send(address, form) {
			const answer = await ask(address, form);
			return answer?.headers.get('location')?.startsWith('/console/sign-in') ? 0 : (answer?.status ?? 0);
		},
		async signIn() {
			const answer = await ask('/console/sign-in', { name: 'contact', password });
			const [session] = (answer?.headers.getSetCookie() ?? []).filter((one) => one.startsWith('__Host-session='));
			if (!session) throw new Error(`nobody could sign in: ${answer?.status}`);
			return (cookie = session.split(';')[0] ?? '');
		},
		async remove() {
			await serving.remove();
			await rm(place, { recursive: true, force: true });
		}
	};
}

/** Asks a SQLite file, only reading. */
export function look(file: string, sql: string, given: (string | number)[] = []): Record<string, unknown>[] {
	const database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
	try {
		return database.prepare(sql).all(...given);
	} finally {
		database.close();
	}
}
