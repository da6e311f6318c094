import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isFounded } from '#commands/found.ts';
import { initDemo } from '#commands/init.ts';
import { password } from '#demo/people.ts';
import * as calls from '#listening/calls.ts';
import { findProgram } from '#pocketbase/binary.ts';
import { startServer } from '#pocketbase/server.ts';
import { openRegister, type Register } from '#register.server.ts';
import * as matching from '#requests/matching.ts';
import { receive } from '#requests/request.ts';
import { readSettings } from '#settings.ts';
import { people } from '#staff/person.ts';
import { slowest, table, type Way } from './search/measured.ts';
import { questionsOf } from './search/overheard.ts';
import { pickFrom, queries, type Clues } from './search/queries.ts';
import { tell } from './whole/figure.ts';

// Searching a full register: the pages' own functions, with the lines in the access log that they wait for (page) and
// without (search); PocketBase's API asked the very same; bare SQLite on the same file. All of it mixed, question by
// question, and beside PocketBase's getOne.
// `npm run bench -- search [rows] [rounds] [folder of a demo, which is made when it is not there, and kept]`

const [rows = 1_500_000, rounds = 200] = process.argv.slice(2, 4).map(Number);
const kept = process.argv[4];
const data = kept ?? path.join(mkdtempSync(path.join(os.tmpdir(), 'kuuntelupiste-bench-')), 'data');
process.on('exit', () => kept ?? rmSync(path.dirname(data), { recursive: true, force: true }));
const settings = readSettings({ PATH: process.env['PATH'], KUUNTELUPISTE_DATA: data });
if (!isFounded(settings)) await initDemo(settings, rows);

const server = await startServer({ program: await findProgram(undefined), data });
const register = await openRegister(settings, server.url);
// To see what the lines in the access log cost, which a page waits for.
const unlogged: Register = { ...register, accessLog: { ...register.accessLog, append: async () => undefined } };
const database = new DatabaseSync(path.join(data, 'pocketbase', 'data.db'), { readOnly: true });
const random = pickFrom(database);
try {
	const contact = await somebody('contact');
	const form = {
		received: new Date(),
		channel: 'phone',
		language: 'fi',
		name: 'Mitta',
		reach: '',
		remembers: ''
	} as const;
	const request = await receive(register, contact, form);
	await measure('contact person', contact, (of, as, { from, to, ...clues }) =>
		matching.search(of, { ...contact, as }, request.id, { ...clues, windows: [{ from, to }] })
	);
	for (const [role, whose] of [
		['agent', 'own'],
		['supervisor', 'team']
	] as const) {
		const person = await somebody(role);
		await measure(role, person, (of, as, clues) => calls.find(of, { ...person, as }, whose, clues));
	}
} finally {
	database.close();
	await register.accessLog.close();
	await server.stop();
}

type Somebody = Awaited<ReturnType<typeof somebody>>;

async function somebody(name: string) {
	const { token, id } = await register.pocketbase.signIn(name, password);
	const as = register.pocketbase.as(token);
	return { token, as, person: await people(as).one(id) };
}

async function measure(
	role: string,
	{ token, as, person }: Somebody,
	search: (of: Register, as: Somebody['as'], clues: Clues) => Promise<unknown>
): Promise<void> {
	const ways: Way[] = [];
	const own = random.callsOf(person);
	ways.push({ query: 'getOne', by: 'api', run: () => as.collection('recordings').getOne(own()) });
	for (const [query, { for: whom, clues: draw }] of Object.entries(queries)) {
		if (whom && !person.roles.some((one) => whom.includes(one))) continue;
		const clues = (): Clues => draw(random, person);
		ways.push({ query, by: 'page', run: () => search(register, as, clues()) });
		ways.push({ query, by: 'search', run: () => search(unlogged, as, clues()) });
		const asked = () => questionsOf(register.pocketbase, token, (overheard) => search(unlogged, overheard, clues()));
		ways.push({
			query,
			by: 'api',
			prepare: asked,
			run: (questions) => Promise.all(questions.map(({ url }) => fetch(url, headers(token)).then((it) => it.json())))
		});
		ways.push({
			query,
			by: 'sqlite',
			prepare: asked,
			run: async (questions) => questions.map(({ sql }) => database.prepare(sql).all())
		});
	}
	console.log(`\n${role}: ${rows} recordings, ${rounds} rounds, ms`);
	const rowsOf = await table(ways, rounds);
	console.table(rowsOf);
	const { query, figure } = slowest(rowsOf, '/api');
	tell({
		what: `search of a ${role} in ${rows} calls, the slowest of ${Object.keys(rowsOf).length} (${query}), beside PocketBase asked the same`,
		figure
	});
}

function headers(token: string): RequestInit {
	const address = `fd00::${Math.floor(Math.random() * 65_536).toString(16)}`;
	return { headers: { Authorization: token, 'X-Question': address } };
}
