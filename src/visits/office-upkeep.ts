import { newId } from '#pocketbase/collection.ts';
import type { Register } from '#register.server.ts';
import { done, mustKeepUp, type Maintainer } from '#staff/upkeep.ts';
import { offices, type Office } from './office.ts';

type Wanted = Omit<Office, 'id'>;

/** Adds an office, or changes it; a line in the log first. `conflict: taken` when another has the name. */
export async function keep(
	register: Register,
	{ person, as }: Maintainer,
	id: string | undefined,
	wanted: Wanted
): Promise<string> {
	const action = id ? 'change_office' : 'add_office';
	await mustKeepUp(register, person, action);
	const office = id ?? newId();
	await register.accessLog.append({ ...done(person, action), office });
	const row = {
		name: wanted.name,
		address: wanted.address,
		opening_hours: wanted.openingHours,
		exceptions: wanted.exceptions,
		slot_minutes: wanted.slotMinutes
	};
	await (id ? offices(as).update(id, row) : offices(as).create({ id: office, ...row }));
	register.news.tell({ office });
	return office;
}
