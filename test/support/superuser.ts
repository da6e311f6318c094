/** The superuser of the tests' registers. */
export const superuser = { email: 'tests@kuuntelupiste.internal', password: 'the tests may see all' };
