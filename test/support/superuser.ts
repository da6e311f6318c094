import type { Client } from '#pocketbase/pocketbase.ts';

/** The superuser of the tests' registers. */
export const superuser = { email: 'tests@kuuntelupiste.internal', password: 'the tests may see all' };

/**
 * Admits the superuser to a register that is being founded: the tests may look at everything, the product itself never
 * can. Passwords of the tests' people keep nobody out, so they are hashed at the least cost: half of a test's time.
 */
export async function admit(founding: Client): Promise<void> {
	for (const name of ['_superusers', 'staff', 'services']) {
		const { fields } = await founding.collections.getOne(name);
		await founding.collections.update(name, {
			fields: fields.map((field) => (field.type === 'password' ? { ...field, cost: 4 } : field))
		});
	}
	await founding.collection('_superusers').create({ ...superuser, passwordConfirm: superuser.password });
}
