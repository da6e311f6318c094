import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import * as calls from '#listening/calls.ts';
import { mask } from '#recordings/mask.ts';
import type { Listing } from '#recordings/recording.ts';
import { people } from '#staff/person.ts';
import { readForm } from '../../form.ts';
import { guarded, guardedAction, type Door } from '../../guard.ts';
import { cluesOf, Filters, lately, namesAndValues } from './filters.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = guarded(['listen_own', 'listen_team'], async (door, { url }) => {
	const { register, person, as } = door;
	const now = register.now();
	const whoses = calls.mayFind(door, now);
	const asked = v.safeParse(Filters, Object.fromEntries(url.searchParams));
	const filters = asked.success ? asked.output : undefined;
	const teams = whoses.includes('team') ? person.supervises : [];
	const perTeam = await Promise.all(
		teams.map((team) => people(as).list({ filter: 'team = {:team}', params: { team }, sort: 'name', limit: 200 }))
	);
	return {
		whoses,
		lately: lately(now),
		filters,
		// What was typed by hand into the address and cannot be read is said, not silently left out.
		wrong: !asked.success && url.searchParams.has('from'),
		subordinates: perTeam.flat().map(({ id, name }) => ({ id, name })),
		found: filters && (await find(door, filters, whoses))
	};
});

// First of all: a browser masks the number before it sends it; for one without script it is done here, before anything
// else looks at the form.
const Search = v.object({ number: v.optional(v.pipe(v.string(), v.transform(mask)), ''), ...Filters.entries });

export const actions: Actions = {
	find: guardedAction(['listen_own', 'listen_team'], async (door, { request }) => {
		const { number, ...filters } = await readForm(request, Search);
		// Without a number the address says it all, and can be kept and come back to.
		if (!number) redirect(303, `/console/recordings?${new URLSearchParams(namesAndValues(filters))}`);
		const whoses = calls.mayFind(door, door.register.now());
		return { filters, number, found: await find(door, filters, whoses, number) };
	})
};

async function find(door: Door, filters: Filters, whoses: calls.Whose[], maskedNumber?: string) {
	const whose = filters.whose ?? whoses[0] ?? 'own';
	const clues = { ...cluesOf(filters), maskedNumber };
	const { calls: page, more } = await calls.find(door.register, door, whose, clues);
	const last = page.at(-1);
	return { calls: page.map(shown), older: more && last ? namesAndValues(filters, last) : undefined };
}

function shown({
	id,
	answered,
	durationMs,
	serviceNumber,
	customerNumberMasked,
	employeeName,
	direction,
	line
}: Listing) {
	return { id, answered, durationMs, serviceNumber, customerNumberMasked, employeeName, direction, line };
}
