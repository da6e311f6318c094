import { officeDay, waitingToMove } from '#visits/calendar.ts';
import { everything } from '#visits/rebooking.ts';
import { beginOf, dayOf } from '#visits/slots.ts';
import { guarded } from '../../guard.ts';
import { dayAsked } from './asked.ts';
import { dayGrid } from './day-grid.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = guarded('desk', async (door, { url }) => {
	const { register, person } = door;
	const day = dayAsked(url, register.now());
	const { offices } = await everything(door);
	const own = offices.find(({ id }) => person.offices.includes(id)) ?? offices[0];
	const office = offices.find(({ id }) => id === url.searchParams.get('office')) ?? own;
	const [shown, stuck] = await Promise.all([
		office && officeDay(register, door, office.id, day),
		waitingToMove(register, door)
	]);
	const begin = beginOf(day);
	return {
		ask: {
			of: 'office' as const,
			values: offices.map(({ id, name }) => ({ id, name })),
			value: office?.id,
			day: day.toString(),
			previous: day.subtract({ days: 1 }).toString(),
			next: day.add({ days: 1 }).toString(),
			today: dayOf(register.now()).toString()
		},
		begin,
		office: office && { id: office.id, name: office.name },
		open: shown?.open ?? [],
		kiosks: shown?.kiosks ?? [],
		rows: shown ? dayGrid({ begin, ...shown }) : [],
		stuck
	};
});
