import * as v from 'valibot';
import { Failure } from '#failures.ts';
import type { Settable } from '#staff/changes.ts';
import { roles } from '#staff/person.ts';
import { id } from '../../form.ts';

const Plain = v.object({
	name: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(120)),
	team: v.union([id, v.literal('')]),
	active: v.optional(v.literal('yes')),
	roles: v.array(v.picklist(roles)),
	supervises: v.array(id),
	offices: v.array(id)
});

/** What a form of a person says; `invalid: form` with the field that is wrong. */
export function settableOf(form: FormData): Settable {
	const result = v.safeParse(Plain, {
		name: form.get('name'),
		team: form.get('team') ?? '',
		active: form.get('active') ?? undefined,
		roles: form.getAll('roles'),
		supervises: form.getAll('supervises'),
		offices: form.getAll('offices')
	});
	if (!result.success) throw new Failure('invalid', 'form', { field: v.getDotPath(result.issues[0]) ?? undefined });
	return { ...result.output, active: result.output.active === 'yes' };
}

const signInName = v.pipe(v.string(), v.trim(), v.toLowerCase(), v.regex(/^[a-z][a-z0-9._-]{0,39}$/));

export function signInNameOf(form: FormData): string {
	const result = v.safeParse(signInName, form.get('sign_in_name'));
	if (!result.success) throw new Failure('invalid', 'form', { field: 'sign_in_name' });
	return result.output;
}
