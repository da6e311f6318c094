import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { newId } from '#pocketbase/collection.ts';

/** An invented agent, as the rows of calls need them. */
export interface ManyAgent {
	id: string;
	name: string;
	team: string;
}

const perTeam = 15;
const firstNames = ['Aada', 'Eero', 'Fanny', 'Ilmari', 'Kerttu', 'Linus', 'Maija', 'Nils', 'Oona', 'Paavo', 'Saga'];
const lastNames = ['Harjunkulma', 'Lehtosaari', 'Myllyranta', 'Näsbacka', 'Pihlajaniitty', 'Strömskog', 'Vuorenpää'];

/**
 * Adds agents in teams of fifteen, the demo's own teams first, each with the demo's password and training; gives all
 * agents, the demo's own and those of an earlier time too.
 */
export function addAgents(database: DatabaseSync, count: number): ManyAgent[] {
	const teams = database
		.prepare('SELECT id FROM teams')
		.all()
		.map(({ id }) => String(id));
	const addTeam = database.prepare('INSERT INTO teams (id, name) VALUES (?, ?)');
	const before = Number(
		database.prepare(`SELECT count(*) AS n FROM staff WHERE sign_in_name GLOB 'agent[0-9]*'`).get()?.['n']
	);
	while (teams.length * perTeam < before + count) {
		const id = newId();
		addTeam.run(id, `Palveluryhmä ${teams.length + 1}`);
		teams.push(id);
	}
	const columns = database
		.prepare(`SELECT name FROM pragma_table_info('staff')`)
		.all()
		.map(({ name }) => String(name));
	const own: Record<string, string> = { id: ':id', sign_in_name: ':sign_in_name', name: ':name', team: ':team' };
	const addPerson = database.prepare(
		`INSERT INTO staff (${columns.join(', ')})
		SELECT ${columns.map((column) => (column === 'tokenKey' ? ':key' : (own[column] ?? column))).join(', ')}
		FROM staff WHERE sign_in_name = 'emma'`
	);
	const addTrainings = database.prepare(
		`INSERT INTO trainings (id, person, course, completed, valid_until)
		SELECT 'r' || lower(hex(randomblob(7))), :id, course, completed, valid_until FROM trainings
		WHERE person = (SELECT id FROM staff WHERE sign_in_name = 'emma')`
	);
	for (let number = before + 1; number <= before + count; number++) {
		const id = newId();
		const name = `${firstNames[number % firstNames.length]} ${lastNames[number % lastNames.length]} ${number}`;
		const team = teams[number % teams.length] ?? '';
		addPerson.run({ id, sign_in_name: `agent${number}`, name, team, key: randomBytes(24).toString('hex') });
		addTrainings.run({ id });
	}
	return database
		.prepare(`SELECT id, name, team FROM staff WHERE roles LIKE '%"agent"%'`)
		.all()
		.map(({ id, name, team }) => ({ id: String(id), name: String(name), team: String(team) }));
}
