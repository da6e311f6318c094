import type { DatabaseSync } from 'node:sqlite';
import type * as search from '#recordings/search.ts';
import type { Person, Role } from '#staff/person.ts';

/** What a search looks for; whose calls is said elsewhere. */
export type Clues = Omit<search.Clues, 'limit' | 'team'>;

const day = 24 * 3600_000;
const minute = 60_000;

/** Draws from what is there, so that most searches find something, and some find nothing. */
export type Random = ReturnType<typeof pickFrom>;
export function pickFrom(database: DatabaseSync) {
	const column = (sql: string, ...given: string[]): string[] =>
		database
			.prepare(sql)
			.all(...given)
			.map((row) => String(Object.values(row)[0]));
	const one = <T>(some: readonly T[]): T => {
		const drawn = some[Math.floor(Math.random() * some.length)];
		if (drawn === undefined) throw new Error('There is nothing to draw from.');
		return drawn;
	};
	const [first = '', last = ''] = column(
		'SELECT MIN(answered) FROM recordings UNION ALL SELECT MAX(answered) FROM recordings'
	);
	const [begin, end] = [new Date(first).getTime(), new Date(last).getTime()];
	const masks = column("SELECT DISTINCT customer_number_masked FROM recordings WHERE customer_number_masked != ''");
	const services = column('SELECT DISTINCT service_number FROM recordings');
	const agents = column(`SELECT id FROM staff WHERE roles LIKE '%"agent"%'`);
	const inTeam = new Map<string, string[]>();
	return {
		all: () => ({ from: new Date(begin), to: new Date(end + 1) }),
		window: (days: number) => {
			const from = begin + Math.random() * (end - begin - days * day);
			return { from: new Date(from), to: new Date(from + days * day) };
		},
		mask: () => one(masks),
		service: () => one(services),
		agent: () => one(agents),
		subordinate: ({ supervises }: Person) => {
			const team = one(supervises);
			const known = inTeam.get(team) ?? column('SELECT id FROM staff WHERE team = ?', team);
			inTeam.set(team, known);
			return one(known);
		},
		/** An id of a call that this person may see. */
		callsOf({ id, roles, supervises }: Person): () => string {
			const where = roles.includes('agent') ? 'employee = ?' : roles.includes('supervisor') ? 'team = ?' : '? != 0';
			const ids = column(`SELECT id FROM recordings WHERE ${where} LIMIT 5000`, supervises[0] ?? id);
			return () => one(ids);
		}
	};
}

interface Query {
	/** The roles that can ask it; all unless told. */
	for?: readonly Role[];
	clues: (random: Random, person: Person) => Clues;
}

/** What is asked, each by a draw of its own. A week is what the desk asks first; the rest looks at the whole half year. */
export const queries: Record<string, Query> = {
	'a week': { clues: (some) => some.window(7) },
	'half a year': { clues: (some) => some.all() },
	'half a year, later page': {
		clues: (some) => ({ ...some.all(), after: { answered: some.window(1).from, id: 'r5' } })
	},
	'masked number': { clues: (some) => ({ ...some.all(), maskedNumber: some.mask() }) },
	'a customer with many calls': { clues: (some) => ({ ...some.all(), maskedNumber: '+358491000***' }) },
	'number that nobody has': { clues: (some) => ({ ...some.all(), maskedNumber: '+358482222***' }) },
	'number, a week': { clues: (some) => ({ ...some.window(7), maskedNumber: some.mask() }) },
	'employee, a week': {
		for: ['contact_person', 'supervisor'],
		clues: (some, person) => ({
			...some.window(7),
			employee: person.roles.includes('supervisor') ? some.subordinate(person) : some.agent()
		})
	},
	'service number, a week': { clues: (some) => ({ ...some.window(7), serviceNumber: some.service() }) },
	'10 to 20 minutes, a week': {
		clues: (some) => ({ ...some.window(7), length: { from: 10 * minute, to: 20 * minute } })
	},
	'over an hour': { clues: (some) => ({ ...some.all(), length: { from: 60 * minute } }) },
	'calls made, a week': { clues: (some) => ({ ...some.window(7), direction: 'made' }) },
	'telesales, a week': { clues: (some) => ({ ...some.window(7), line: 'telesales' }) },
	'telesales received, a service number of none': {
		clues: (some) => ({ ...some.all(), line: 'telesales', direction: 'received', serviceNumber: '+358740010100' })
	},
	'all at once': {
		clues: (some) => ({
			...some.window(30),
			maskedNumber: some.mask(),
			serviceNumber: some.service(),
			length: { from: minute, to: 9 * minute },
			direction: 'received',
			line: 'customer_service'
		})
	}
};
