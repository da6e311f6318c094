import { personWeek } from '#visits/calendar.ts';
import { everything } from '#visits/rebooking.ts';
import { dayOf } from '#visits/slots.ts';
import { guarded } from '../../../guard.ts';
import { dayAsked } from '../asked.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('desk', async (door, { url }) => {
	const { register, person: self } = door;
	const day = dayAsked(url, register.now());
	const monday = day.subtract({ days: day.dayOfWeek - 1 });
	const { people } = await everything(door);
	const active = people.filter(({ active }) => active);
	const asked = url.searchParams.get('person');
	const person = active.find(({ id }) => id === asked) ?? active.find(({ id }) => id === self.id) ?? active[0];
	return {
		ask: {
			of: 'person' as const,
			values: active.map(({ id, name }) => ({ id, name })),
			value: person?.id,
			day: day.toString(),
			previous: monday.subtract({ days: 7 }).toString(),
			next: monday.add({ days: 7 }).toString(),
			today: dayOf(register.now()).toString()
		},
		week: monday.weekOfYear ?? 0,
		person: person && { id: person.id, name: person.name },
		days: person
			? (await personWeek(register, door, person.id, monday)).map((one) => ({
					...one,
					today: dayOf(one.day).equals(dayOf(register.now()))
				}))
			: []
	};
});
