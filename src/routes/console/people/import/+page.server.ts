import { Failure } from '#failures.ts';
import { importPeople } from '#staff/people-import.ts';
import { formOf } from '../../../form.ts';
import { guarded, guardedAction } from '../../../guard.ts';
import { choices } from '../choices.ts';
import type { Actions, PageServerLoad } from './$types';

const most = 400_000;

export const load: PageServerLoad = guarded('upkeep', async () => ({}), { stepUp: true });

export const actions: Actions = {
	default: guardedAction(
		'upkeep',
		async (door, { request }) => {
			const form = await formOf(request);
			const dryRun = form.get('run') !== 'import';
			const text = await textOf(form);
			const offices = new Map((await choices(door.as)).offices.map(({ id, name }) => [name, id]));
			const imported = await importPeople(door.register, door, text, { offices, dryRun });
			return { imported, dryRun, text: dryRun ? text : '' };
		},
		{ stepUp: true }
	)
};

/** The list from the file, or from the dry run before, which the page sends back. */
async function textOf(form: FormData): Promise<string> {
	const file = form.get('file');
	const again = form.get('text');
	if (file instanceof File && file.size > 0 && file.size <= most) return file.text();
	if (typeof again === 'string' && again.length > 0 && again.length <= most) return again;
	throw new Failure('invalid', 'people_list', { field: 'file' });
}
