import * as v from 'valibot';
import { collection, newId } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import { done, mustKeepUp, type Maintainer } from './upkeep.ts';

const Row = v.object({ id: v.string(), name: v.string() });
/** A team: people are in one, and one or more supervise it. */
export type Team = v.InferOutput<typeof Row>;

export function teams(as: Client) {
	return collection(as, 'teams', Row);
}

export function allTeams(as: Client): Promise<Team[]> {
	return teams(as).list({ filter: '', sort: 'name', limit: 500 });
}

/** Adds a team; `conflict: taken` when the name is. */
export async function add(register: Register, { person, as }: Maintainer, name: string): Promise<Team> {
	await mustKeepUp(register, person, 'add_team');
	await register.accessLog.append(done(person, 'add_team'));
	return teams(as).create({ id: newId(), name });
}

export async function rename(register: Register, { person, as }: Maintainer, id: string, name: string): Promise<void> {
	await mustKeepUp(register, person, 'change_team_name');
	await register.accessLog.append(done(person, 'change_team_name'));
	await teams(as).update(id, { name });
}
