import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { newId, written } from '#pocketbase/collection.ts';
import { openKeys } from '#register.server.ts';
import { readSettings } from '#settings.ts';
import { people } from '#staff/person.ts';
import { call, day } from '../../core/retention/scene.ts';
import * as plant from '../../support/plant.ts';
import { furnish, sessionOf } from '../../support/people.ts';
import { serve, type Serving } from '../../support/serving.ts';
import { look } from '../kills/stage.ts';

/** A server whose clock can be set, with what a wrong clock could destroy. */
export interface Clocked {
	serving: Serving;
	/** Sets the server's clock so many ms ahead of the machine's (below 0: behind). */
	set(aheadMs: number): Promise<void>;
	/** A recording with months to go, and one past its time that a hold keeps for some weeks more. */
	calls: { fresh: string; held: string };
	/** What of these is gone or has ended; nothing when all is as it was. */
	lost(): string[];
	/** The status of a page or of sound, by this cookie. */
	ask(address: string, headers: Record<string, string>): Promise<number>;
	/** Signs the contact person in; gives the cookie. */
	signIn(): Promise<string>;
	/** What a visitor's player asks with; their hour ends so many seconds from now. */
	hearer(seconds: number): Promise<Record<string, string>>;
	rows(sql: string, ...given: string[]): Record<string, unknown>[];
	lines(sql: string): Record<string, unknown>[];
	remove(): Promise<void>;
}

/** Where Debian's faketime keeps what it puts before the C library; undefined where it is not installed. */
export function faketime(): string | undefined {
	return readdirSync('/usr/lib')
		.map((name) => `/usr/lib/${name}/faketime/libfaketime.so.1`)
		.find((file) => existsSync(file));
}

export async function setClockStage(aheadMs = 0): Promise<Clocked> {
	const library = faketime();
	if (!library) throw new Error('faketime is not installed');
	const place = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-clock-'));
	const file = path.join(place, 'offset');
	const set = (ms: number): Promise<void> => writeFile(file, `${ms < 0 ? '' : '+'}${Math.round(ms / 1000)}`);
	await set(aheadMs);
	const serving = await serve(furnish, {
		LD_PRELOAD: library,
		FAKETIME_TIMESTAMP_FILE: file,
		FAKETIME_NO_CACHE: '1',
		FAKETIME_DONT_FAKE_MONOTONIC: '1'
	});
	const superuser = await serving.superuser();
	const keyring = await openKeys(readSettings({ ...process.env, ...serving.environment }));
	const named = async (name: string) => {
		const person = await people(superuser).first({ filter: 'sign_in_name = {:name}', params: { name } });
		if (!person) throw new Error(`${name} is not furnished`);
		return person;
	};
	const [agent, contact] = [await named('agent'), await named('contact')];
	const [office] = await superuser.collection('offices').getFullList();
	const answered = (days: number) => new Date(Date.now() - days * day);
	const ground = { superuser, register: { keyring } };
	const fresh = (await call(ground, agent, answered(20), { plain: Buffer.alloc(400_000) })).id;
	const held = (await call(ground, agent, answered(21), { plain: Buffer.alloc(400_000) })).id;
	const hold = await superuser.collection('holds').create({
		id: newId(),
		recording: held,
		ground: 'restriction',
		placed: written(new Date()),
		placed_by: contact.id,
		until: written(new Date(Date.now() + 300 * day)),
		asked_until: written(new Date(Date.now() + 300 * day)),
		confirmed_by: agent.id
	});
	const request = await plant.request({ superuser }, contact.id, {
		state: 'closed',
		closed: written(answered(10)),
		closed_as: 'heard'
	});
	const rows: Clocked['rows'] = (sql, ...given) => look(path.join(serving.data, 'pocketbase', 'data.db'), sql, given);
	return {
		serving,
		set,
		calls: { fresh, held },
		lost() {
			const gone = [fresh, held].filter((id) => rows('SELECT 1 FROM recordings WHERE id = ?', id).length === 0);
			const [kept] = rows('SELECT ended FROM holds WHERE id = ?', hold.id);
			const [asked] = rows('SELECT name FROM requests WHERE id = ?', request.id);
			return [
				...gone.map(() => 'a recording is destroyed early'),
				...(kept?.['ended'] === '' ? [] : ['a hold has ended early']),
				...(asked?.['name'] ? [] : ['who asked is erased early'])
			];
		},
		async ask(address, headers) {
			const answer = await fetch(`${serving.origin}${address}`, { headers, redirect: 'manual' });
			await answer.arrayBuffer();
			return answer.status;
		},
		signIn: () => sessionOf(serving.origin, 'contact'),
		async hearer(seconds) {
			const ends = { ends: written(new Date(Date.now() + seconds * 1000)) };
			const who = { office: office?.id ?? '', contact: contact.id, calls: [fresh] };
			return (await plant.hearer({ superuser }, who, ends)).headers;
		},
		rows,
		lines: (sql) => look(path.join(serving.data, 'access-log', 'log.db'), sql),
		async remove() {
			await serving.remove();
			await rm(place, { recursive: true, force: true });
		}
	};
}
