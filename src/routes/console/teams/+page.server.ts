import * as v from 'valibot';
import { everyone } from '#staff/people.ts';
import * as team from '#staff/team.ts';
import { id, readForm } from '../../form.ts';
import { guarded, guardedAction } from '../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('upkeep', async (door) => {
	const people = (await everyone(door)).filter(({ active }) => active);
	const short = ({ id, name }: { id: string; name: string }) => ({ id, name });
	return {
		teams: (await team.allTeams(door.as)).map(({ id, name }) => ({
			id,
			name,
			supervisors: people
				.filter(({ roles, supervises }) => roles.includes('supervisor') && supervises.includes(id))
				.map(short),
			members: people.filter((person) => person.team === id).map(short)
		}))
	};
});

const name = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(80));

export const actions: Actions = {
	add: guardedAction('upkeep', async (door, { request }) => {
		await team.add(door.register, door, (await readForm(request, v.object({ name }))).name);
		return { kept: true };
	}),
	rename: guardedAction('upkeep', async (door, { request }) => {
		const form = await readForm(request, v.object({ team: id, name }));
		await team.rename(door.register, door, form.team, form.name);
		return { kept: true };
	})
};
