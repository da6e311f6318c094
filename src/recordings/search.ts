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

const fortnightMs = 14 * 24 * 3600_000;

/**
 * The calls that fit, newest first, as this client may see them. A number is masked once more before it is asked for:
 * should a full one come this far, it goes no further. Refuses what is no number with `invalid: customer_number`.
 *
 * Whoever asks sends what narrows what they may see, an agent `employee` and a supervisor `team` (one question a team,
 * put together with `newest`): the rules alone would walk the whole register. Every question has an index to walk
 * (see the migration `search`), and a test asks SQLite which one it takes.
 */
export async function candidates(as: Client, { length = {}, ...clues }: Clues): Promise<Listing[]> {
	// A question a class: each has an index to walk, and an "or" of them would have none. The calls of one number or of one
	// person are few enough to look at the length of each, and so are a team's of two weeks.
	const classes = classesOf(length);
	const few = clues.maskedNumber || clues.employee;
	const looked = few || (clues.team && clues.to.getTime() - clues.from.getTime() <= fortnightMs);
	const asked = looked && classes?.length ? [undefined] : (classes ?? [undefined]);
	const kinds = few || clues.team ? [{}] : kindsMeant(clues);
	const answers = await Promise.all(
		asked.flatMap((lengthClass) => kinds.map((kind) => ask(as, { ...clues, ...kind, length, lengthClass })))
	);
	return newest(answers, clues.limit);
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
	return other.answered.getTime() - one.answered.getTime() || (one.id < other.id ? 1 : -1);
}

async function ask(
	as: Client,
	{ from, to, length, after, limit, ...clues }: Clues & { lengthClass: number | undefined }
): Promise<Listing[]> {
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
