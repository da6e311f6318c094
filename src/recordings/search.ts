import { written } from '#pocketbase/collection.ts';
import type { Client } from '#pocketbase/pocketbase.ts';
import { mask } from './mask.ts';
import { recordings, type Direction, type Line, type Recording } from './recording.ts';

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
	serviceNumber?: string | undefined;
	direction?: Direction | undefined;
	line?: Line | undefined;
	/** How many at the most. */
	limit: number;
}

/**
 * The calls that fit, newest first, as this client may see them. A number is masked once more before it is asked for:
 * should a full one come this far, it goes no further. Refuses what is no number with `invalid: customer_number`.
 */
export async function candidates(as: Client, { from, to, limit, ...clues }: Clues): Promise<Recording[]> {
	const { maskedNumber, ...same } = clues;
	// The time is always there: with it every question has an index to walk.
	const conditions = ['answered >= {:from}', 'answered < {:to}'];
	const params: Record<string, unknown> = { from: written(from), to: written(to) };
	const narrow = (field: string, value: string | undefined): void => {
		if (!value) return;
		conditions.push(`${field} = {:${field}}`);
		params[field] = value;
	};
	narrow('customer_number_masked', maskedNumber && mask(maskedNumber));
	narrow('employee', same.employee);
	narrow('service_number', same.serviceNumber);
	narrow('direction', same.direction);
	narrow('line', same.line);
	return recordings(as).list({ filter: conditions.join(' && '), params, sort: '-answered', limit });
}
