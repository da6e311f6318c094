import type { Client } from '#pocketbase/pocketbase.ts';
import { allTeams } from '#staff/team.ts';
import { offices } from '#visits/office.ts';

/** The teams and offices that a person can be given. */
export async function choices(as: Client) {
	const teams = (await allTeams(as)).map(({ id, name }) => ({ id, name }));
	const all = await offices(as).list({ filter: '', sort: 'name', limit: 500 });
	return { teams, offices: all.map(({ id, name }) => ({ id, name })) };
}
