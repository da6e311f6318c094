import type { RecordModel } from 'pocketbase';
import type { House } from './house.ts';
import { trainings, type Someone } from './matrix.ts';
import * as plant from './plant.ts';

/** Somebody who tries what the matrix says, and the database as they see it. */
export type Actor = Awaited<ReturnType<typeof plant.person>>;

/** Whom and what they try it on: a team, their office and another, and an agent of that team, of another, and one who has just left. */
export interface Stage {
	team: RecordModel;
	offices: { theirs: RecordModel; another: RecordModel };
	agents: Record<'team' | 'other' | 'former', RecordModel>;
	/** Someone of the matrix, in that team, over it, and at that office. */
	actor(someone: Someone): Promise<Actor>;
}

export async function setStage(house: House): Promise<Stage> {
	const [team, elsewhere] = [await plant.team(house), await plant.team(house)];
	const offices = { theirs: await plant.office(house), another: await plant.office(house) };
	const agent = async (of: RecordModel): Promise<RecordModel> => {
		const { person } = await plant.person(house, ['agent'], { team: of.id });
		return house.superuser.collection('staff').getOne(person.id);
	};
	const agents = { team: await agent(team), other: await agent(elsewhere), former: await agent(team) };
	agents.former = await house.superuser.collection('staff').update(agents.former.id, { team: elsewhere.id });
	return {
		team,
		offices,
		agents,
		actor: ({ role, training, active }) =>
			plant.person(house, [role], {
				team: team.id,
				supervises: [team.id],
				offices: [offices.theirs.id],
				trainedFor: trainings[training],
				active
			})
	};
}

/** Whether PocketBase did it. */
export function took(work: Promise<unknown>): Promise<boolean> {
	return work.then(
		() => true,
		() => false
	);
}

/** A row without what PocketBase adds by itself, to make another of. */
export function copyOf(row: RecordModel): Record<string, unknown> {
	const added = ['id', 'collectionId', 'collectionName'];
	return Object.fromEntries(Object.entries(row).filter(([field]) => !added.includes(field)));
}
