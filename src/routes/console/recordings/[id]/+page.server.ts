import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import * as calls from '#listening/calls.ts';
import { purposesOfStaff } from '#listening/grant.ts';
import { heardBy } from '#listening/heard-by.ts';
import type { Recording } from '#recordings/recording.ts';
import { readForm } from '../../../form.ts';
import { guarded, guardedAction } from '../../../guard.ts';
import type { Actions, PageServerLoad } from './$types';

const may = ['listen_own', 'listen_team'] as const;

export const load: PageServerLoad = guarded(may, async (door, { params }) => {
	const { register } = door;
	const call = await calls.read(register, door, params.id);
	return { call: shown(call), purposes: purposesOfStaff, heardBy: await heardBy(register, door, call.id) };
});

const Open = v.object({ purpose: v.picklist(purposesOfStaff) });

export const actions: Actions = {
	open: guardedAction(may, async (door, { request, params }) => {
		const { purpose } = await readForm(request, Open);
		const { id, peaks } = await calls.read(door.register, door, params.id, purpose);
		door.register.listenings.state(door.person.id, id, purpose);
		return { opened: { purpose, peaks } };
	}),
	end: guardedAction(may, async ({ register, person }, { params }) => {
		await register.listenings.end(register, { person: person.id, recording: params.id }, 'left_player');
		// Whatever the address names: no recording has to be there for a listening to end.
		redirect(303, `/console/recordings/${encodeURIComponent(params.id)}`);
	})
};

function shown(call: Recording) {
	const { id, answered, disconnected, durationMs, serviceNumber, customerNumberMasked, employeeName } = call;
	const { direction, line, destroyAfter } = call;
	return {
		...{ id, answered, disconnected, durationMs, serviceNumber, customerNumberMasked, employeeName },
		...{ direction, line, destroyAfter }
	};
}
