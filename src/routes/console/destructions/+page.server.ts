import * as certificates from '#retention/certificates.ts';
import { guarded } from '../../guard.ts';
import { viewer } from './viewer.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = guarded(['desk', 'audit'], (door) =>
	certificates.days(door.register, viewer(door))
);
