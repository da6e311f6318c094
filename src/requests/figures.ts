import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { pages } from '#access-log/pages.ts';
import { Failure } from '#failures.ts';
import { collection } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import type { Register } from '#register.server.ts';
import { refusal } from '#staff/duty.ts';
import type { Person } from '#staff/person.ts';
import { daysWithin, sum } from './answering.ts';

/** A number under the code of what it counts. */
export interface Figure {
	name: string;
	number: number;
}

/** The figures of one year, for the data protection officer: numbers only. */
export interface Figures {
	year: number;
	/** Requests by the month of their receipt, 1 to 12. */
	requests: Figure[];
	answering: { answered: number; inTime: number; median: number | undefined; p90: number | undefined };
	/** How they were answered. */
	endings: Figure[];
	/** Appointments of the year by what became of them. */
	appointments: Figure[];
	/** Listening that began, by its purpose. */
	listening: Figure[];
	/** As it is now: `role state`. */
	training: Figure[];
	/** Holds placed, by their ground. */
	holds: Figure[];
	/** Destroyed recordings by how long after their time. */
	destruction: Figure[];
}

const months = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'];
const RequestRow = v.object({
	month: v.string(),
	ending: v.string(),
	days: v.number(),
	in_time: v.number(),
	number: v.number()
});
const AppointmentRow = v.object({ month: v.string(), state: v.string(), number: v.number() });
const HoldRow = v.object({ month: v.string(), ground: v.string(), number: v.number() });
const TrainingRow = v.object({ role: v.string(), state: v.string(), number: v.number() });
const lateness = ['within_15_minutes', 'within_hour', 'within_day', 'later'] as const;
const DayRow = v.object(v.entriesFromList(lateness, v.number()));

/** Counts a year, in the log first; for an auditor. Nothing of a request, a visit or a person is read: only counts. */
export async function figures(
	register: Register,
	{ person, as }: { person: Person; as: Client },
	year: number
): Promise<Figures> {
	const reason = refusal(person, 'audit', register.now());
	if (reason) throw new Failure('refused', reason);
	await register.accessLog.append({
		action: 'view_figures',
		actor: person.id,
		role: 'auditor',
		purpose: 'audit',
		outcome: 'done'
	});
	const requests = // A month a question: no answer of PocketBase has more than a thousand rows.
		(
			await Promise.all(
				months.map((month) =>
					collection(as, 'request_figures', RequestRow).list({
						filter: 'month = {:month}',
						params: { month: `${year}-${month}` },
						limit: 1000
					})
				)
			)
		).flat();
	const within = {
		filter: 'month >= {:from} && month <= {:to}',
		params: { from: `${year}-01`, to: `${year}-12` },
		limit: 1000
	};
	const [appointments, holds, training, days, listening] = await Promise.all([
		collection(as, 'appointment_figures', AppointmentRow).list(within),
		collection(as, 'hold_figures', HoldRow).list(within),
		collection(as, 'training_figures', TrainingRow).list({ filter: '', limit: 100, sort: 'role' }),
		collection(as, 'destruction_days', DayRow).list({
			filter: 'day >= {:from} && day <= {:to}',
			params: { from: `${year}-01-01`, to: `${year}-12-31` },
			limit: 366
		}),
		listened(register, year)
	]);
	const answered = requests.filter(({ ending }) => ending !== '');
	return {
		year,
		requests: months.map((month) => ({
			name: month,
			number: sum(requests.filter((row) => row.month === `${year}-${month}`))
		})),
		answering: {
			answered: sum(answered),
			inTime: sum(answered.filter((row) => row.in_time === 1)),
			median: daysWithin(0.5, answered),
			p90: daysWithin(0.9, answered)
		},
		endings: summed(answered.map(({ ending, number }) => ({ name: ending, number }))),
		appointments: summed(appointments.map(({ state, number }) => ({ name: state, number }))),
		listening,
		training: training.map(({ role, state, number }) => ({ name: `${role} ${state}`, number })),
		holds: summed(holds.map(({ ground, number }) => ({ name: ground, number }))),
		destruction: lateness.map((name) => ({ name, number: sum(days.map((row) => ({ number: row[name] }))) }))
	};
}

async function listened({ accessLog }: Register, year: number): Promise<Figure[]> {
	const counts: Figure[] = [];
	const where = { action: 'listen_begin', outcome: 'done', from: begin(year), to: begin(year + 1) };
	for await (const page of pages(accessLog, where)) {
		counts.push(...page.map(({ purpose }) => ({ name: purpose ?? 'unknown', number: 1 })));
	}
	return summed(counts);
}

function begin(year: number): string {
	const midnight = Temporal.PlainDate.from({ year, month: 1, day: 1 }).toZonedDateTime('Europe/Helsinki');
	return new Date(midnight.epochMilliseconds).toISOString();
}

function summed(rows: Figure[]): Figure[] {
	return [...Map.groupBy(rows, ({ name }) => name)].map(([name, of]) => ({ name, number: sum(of) }));
}
