import type { Measure } from '#access-log/words.ts';
import { written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { classesOf, type Lengths } from './length.ts';
import { mask } from './mask.ts';
import { directions, lines, listings, type Direction, type Line, type Listing } from './recording.ts';

/** What is known of a call that is looked for; whatever is undefined or empty does not narrow. */
export interface Clues {
	/** Answered at this instant or later. */
	from: Date;
	/** Answered before this instant. */
	to: Date;
	/** A mask stands for a thousand numbers: more than one customer may fit it. */
	maskedNumber?: string | undefined;
	/** The employee's id. */
	employee?: string | undefined;
	/** The id of the employee's team now. */
	team?: string | undefined;
	serviceNumber?: string | undefined;
	direction?: Direction | undefined;
	line?: Line | undefined;
	/** How long it lasted, in ms. */
	length?: Lengths | undefined;
	/** Only what comes after this call, newest first: the last of the page before. */
	after?: Place | undefined;
	/** How many at the most. */
	limit: number;
}

/** Where a call stands among all, newest first; the id tells two of one millisecond apart. */
export interface Place {
	readonly answered: Date;
	readonly id: string;
}

const dayMs = 24 * 3600_000;

/**
 * The calls that fit, newest first, as this client may see them. A number is masked once more before it is asked for:
 * should a full one come this far, it goes no further. Refuses what is no number with `invalid: customer_number`.
 *
 * Whoever asks sends what narrows what they may see, an agent `employee` and a supervisor `team` (one question a team,
 * put together with `newest`): the rules alone would walk the whole register. Every question has an index to walk
 * (see the migration `search`), and a test asks SQLite which one it takes.
 */
export async function candidates(as: Client, { length = {}, ...clues }: Clues): Promise<Listing[]> {
	// A question a class: each has an index to walk, and an "or" of them would have none. Where the calls are few enough,
	// one question looks at the length of each: those of one number or person, a team's of two weeks, all of a week.
	const classes = classesOf(length);
	const few = clues.maskedNumber || clues.employee;
	const ms = clues.to.getTime() - clues.from.getTime();
	const looked = few || (clues.team && ms <= 14 * dayMs) || (ms <= 8 * dayMs && classes && classes.length > 1);
	const asked = looked && classes?.length ? [undefined] : (classes ?? [undefined]);
	const kinds = few ? [{}] : kindsMeant(clues);
	const questions = asked.flatMap((lengthClass) => kinds.map((kind) => ({ ...clues, ...kind, length, lengthClass })));
	return together(as, questions, clues.limit);
}

/**
 * A service number has one line as a rule, and whoever asks for the other would have all its calls walked through for
 * nothing: with both line and direction there is an index, so the one that is not given is asked for either way.
 */
function kindsMeant({ serviceNumber, line, direction }: Partial<Clues>): Pick<Clues, 'line' | 'direction'>[] {
	if (!serviceNumber || (!line && !direction)) return [{ line, direction }];
	return (line ? [line] : lines).flatMap((one) =>
		(direction ? [direction] : directions).map((way) => ({ line: one, direction: way }))
	);
}

type Narrowed = Clues & { lengthClass: number | undefined };

/**
 * The newest that several questions find. Every row costs, so of many each is asked for twice its share of the page, and
 * for the rest of it only where what it gave may end before the page does.
 */
async function together(as: Client, questions: readonly Narrowed[], limit: number): Promise<Listing[]> {
	const share = Math.min(limit, Math.ceil((2 * limit) / questions.length));
	const shares = await Promise.all(questions.map((question) => ask(as, { ...question, limit: share })));
	const last = newest(shares, limit)[limit - 1];
	const rests = questions.map((question, index) => {
		const after = shares[index]?.[share - 1];
		if (!after || (last && byPlace(after, last) >= 0)) return [];
		return ask(as, { ...question, after, limit: limit - share });
	});
	return newest([...shares, ...(await Promise.all(rests))], limit);
}

/** By what kinds of clues a search looked, for the log: that there was one, never what it was. */
export function kindsOf(clues: Partial<Clues>): Partial<Record<Measure, 1>> {
	const given: [Measure, unknown][] = [
		['by_number', clues.maskedNumber],
		['by_employee', clues.employee],
		['by_service_number', clues.serviceNumber],
		['by_direction', clues.direction],
		['by_line', clues.line],
		['by_length', clues.length?.from ?? clues.length?.to]
	];
	return Object.fromEntries(given.filter(([, clue]) => clue).map(([kind]) => [kind, 1]));
}

/** Several answers put together, newest first and as many as wanted. */
export function newest<P extends Place>(answers: readonly (readonly P[])[], limit: number): P[] {
	return answers.flat().sort(byPlace).slice(0, limit);
}

function byPlace(one: Place, other: Place): number {
	return other.answered.getTime() - one.answered.getTime() || Number(one.id < other.id) - Number(one.id > other.id);
}

async function ask(as: Client, { from, to, length, after, limit, ...clues }: Narrowed): Promise<Listing[]> {
	// The time is always there: with it every question has an index to walk.
	const conditions = ['answered >= {:from}'];
	const params: Record<string, unknown> = { from: written(from) };
	if (after && after.answered < to) {
		conditions.push('answered <= {:at} && (answered < {:at} || id < {:last})');
		Object.assign(params, { at: written(after.answered), last: after.id });
	} else {
		conditions.push('answered < {:to}');
		params['to'] = written(to);
	}
	const narrow = (field: string, value: string | number | undefined, operator = '='): void => {
		if (value === undefined || value === '') return;
		const name = `${field}${conditions.length}`;
		conditions.push(`${field} ${operator} {:${name}}`);
		params[name] = value;
	};
	narrow('customer_number_masked', clues.maskedNumber && mask(clues.maskedNumber));
	narrow('employee', clues.employee);
	narrow('team', clues.team);
	narrow('service_number', clues.serviceNumber);
	narrow('direction', clues.direction);
	narrow('line', clues.line);
	narrow('length_class', clues.lengthClass);
	narrow('duration_ms', length?.from, '>=');
	narrow('duration_ms', length?.to, '<');
	return listings(as).list({ filter: conditions.join(' && '), params, sort: '-answered,-id', limit });
}
