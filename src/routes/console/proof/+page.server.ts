import path from 'node:path';
import { keysOf } from '#access-log/keys.ts';
import { guarded, guardedAction } from '../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

const duties = ['audit', 'upkeep'] as const;

export const load: PageServerLoad = guarded(duties, async ({ register }) => {
	const { settings, accessLog } = register;
	const { keys } = await keysOf(path.join(settings.data, 'access-log'));
	return {
		proof: accessLog.proof,
		publicKey: keys.at(-1)?.verifier,
		hasOutside: settings.checkpoints !== undefined,
		unreachedSince: accessLog.checkpointsUnreachedSince
	};
});

export const actions: Actions = {
	default: guardedAction(duties, async ({ register, person, role }) => {
		await register.accessLog.verify({
			action: 'verify_log',
			actor: person.id,
			role,
			purpose: 'audit',
			outcome: 'done'
		});
	})
};
