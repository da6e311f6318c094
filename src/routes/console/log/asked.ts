import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import type { Where } from '#access-log/reading.ts';
import { actions, outcomes, roles } from '#access-log/words.ts';
import { id } from '../../form.ts';

/** A day, or a day and a time, on Helsinki's clock, as the log writes instants. */
const time = v.pipe(
	v.string(),
	v.regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$/),
	v.rawTransform(({ dataset, addIssue, NEVER }) => {
		try {
			const wall = Temporal.PlainDateTime.from(dataset.value, { overflow: 'reject' });
			return new Date(wall.toZonedDateTime('Europe/Helsinki').epochMilliseconds).toISOString();
		} catch {
			addIssue({ message: 'is not a time' });
			return NEVER;
		}
	})
);
const word = (list: Record<string, string>) => v.picklist(Object.keys(list));

/** The conditions that the page knows, and what each must be. */
const conditions = {
	from: time,
	to: time,
	action: word(actions),
	outcome: word(outcomes),
	role: word(roles),
	actor: id,
	recording: id,
	request: id,
	visit: id,
	kiosk: id,
	appointment: id,
	office: id,
	person: id
};
export type Condition = keyof typeof conditions;
const names = Object.keys(conditions) as Condition[];
const Sequence = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));

/** What an address of the log asks for. */
export interface Asked {
	where: Where;
	/** As it was typed, for the form and for the next page. */
	typed: Partial<Record<Condition, string>>;
	/** Conditions that are none; then nothing is asked. */
	wrong: Condition[];
	before: number | undefined;
}

/** Reads the conditions of an address; unknown names are left aside, a wrong value is named. */
export function asked(search: URLSearchParams): Asked {
	const before = v.safeParse(Sequence, search.get('before'));
	const answer: Asked = { where: {}, typed: {}, wrong: [], before: before.success ? before.output : undefined };
	for (const name of names) {
		const given = search.get(name)?.trim();
		if (!given) continue;
		answer.typed[name] = given;
		const result = v.safeParse(conditions[name], given);
		if (result.success) answer.where[name] = result.output;
		else answer.wrong.push(name);
	}
	return answer;
}
