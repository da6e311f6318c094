import { everyone } from '#staff/people.ts';
import { allTeams } from '#staff/team.ts';
import { needsTraining, stateOf } from '#staff/training-state.ts';
import { guarded } from '../../guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('upkeep', async (door) => {
	const teams = new Map((await allTeams(door.as)).map(({ id, name }) => [id, name]));
	const now = door.register.now();
	return {
		people: (await everyone(door)).map((person) => ({
			id: person.id,
			name: person.name,
			signInName: person.signInName,
			active: person.active,
			roles: person.roles,
			team: teams.get(person.team) ?? '',
			training: needsTraining(person) ? stateOf(person.trainedUntil, now) : undefined
		}))
	};
});
