import { packageOf } from '#requests/accountability.ts';
import { guarded } from '../../../../guard.ts';
import { readerAt, requestIn } from '../asking.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = guarded(['desk', 'audit'], async (door, { params }) => ({
	role: door.role,
	papers: await packageOf(door.register, readerAt(door), requestIn(params))
}));
