import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '#pocketbase/pocketbase.ts';
import { callsFolder, demoCalls } from './calls.ts';
import { offices, password, people, teams } from './people.ts';

/** What `serve` says about signing in. */
export const demoAccounts = `Sign in as ${people.map(({ signInName }) => signInName).join(', ')}; the password of all is "${password}". A second factor is asked for in a real register only.`;

const trainingStarted = '2026-01-12';

/** Adds the demo's offices, teams and people with their training, as the superuser that founding has once. */
export async function furnishDemo(superuser: Client): Promise<void> {
	const officeIds = new Map<string, string>();
	for (const office of offices) {
		const { id } = await superuser.collection('offices').create(office);
		officeIds.set(office.name, id);
	}
	const teamIds = new Map<string, string>();
	for (const name of teams) teamIds.set(name, (await superuser.collection('teams').create({ name })).id);
	const nextYear = new Date(Date.now() + 365 * 24 * 3600_000).toISOString();
	for (const person of people) {
		const { id } = await superuser.collection('staff').create({
			sign_in_name: person.signInName,
			name: person.name,
			active: true,
			roles: person.roles,
			team: person.team ? teamIds.get(person.team) : '',
			supervises: (person.supervises ?? []).map((team) => teamIds.get(team)),
			offices: person.roles.includes('contact_person') ? [...officeIds.values()] : [],
			password,
			passwordConfirm: password
		});
		for (const course of ['system_use', 'confidentiality']) {
			await superuser
				.collection('trainings')
				.create({ person: id, course, completed: `${trainingStarted} 10:00:00.000Z`, valid_until: nextYear });
		}
	}
}

/**
 * Lays the demo's calls out as a folder that `import` takes, with dates counted from today: the demo goes the way that
 * real recordings go. Gives the folder; the caller removes it.
 */
export async function layOutCalls(today: Date): Promise<string> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'kuuntelupiste-demo-'));
	const rows = ['answered,disconnected,direction,line,service_number,customer_number,employee,audio'];
	for (const call of demoCalls(today)) {
		await cp(fileURLToPath(new URL(call.audio, callsFolder)), path.join(folder, call.audio));
		rows.push(
			[
				call.answered,
				call.disconnected,
				call.direction,
				call.line,
				call.serviceNumber,
				call.customerNumber,
				call.employee,
				call.audio
			].join(',')
		);
	}
	await writeFile(path.join(folder, 'calls.csv'), `${rows.join('\n')}\n`);
	return folder;
}
