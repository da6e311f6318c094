import { lookedAfter } from '#staff/training.ts';
import { stateOf } from '#staff/training-state.ts';
import { guarded } from '../../guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = guarded(['train_anyone', 'train_team'], async (door) => {
	const now = door.register.now();
	return {
		people: (await lookedAfter(door)).map(({ id, name, trainedUntil }) => ({
			id,
			name,
			isSelf: id === door.person.id,
			until: trainedUntil && new Date(trainedUntil.getTime() - 1),
			state: stateOf(trainedUntil, now)
		}))
	};
});
