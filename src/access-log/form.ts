import { canonical } from './canonical.ts';
import type { Logged } from './entry.ts';
import { measures, subjects } from './words.ts';

/** To which place in the chain an entry says that it belongs. */
export interface Link {
	previous: string;
	sequence: string;
}

/** Reads out of an entry's text where it belongs; undefined when the text is not canonical. */
export function linkOf(text: string): Link | undefined {
	const [known, previous = '', sequence = ''] = form.exec(text) ?? [];
	return known === undefined ? slowly(text) : { previous, sequence };
}

// Every entry that we write has this form, each key at most once and in its order; to know it by that takes a third of the
// time of parsing an entry and writing it out again.
const text = '"[^"\\\\]*"';
const number = '(?:0|[1-9]\\d*)';
const values: Record<keyof Logged, string> = {
	...{ action: text, actor: text, role: text, outcome: text, reason: text, purpose: text, heard: text, at: text },
	...mapped(subjects, text),
	measures: object(mapped(measures, number)),
	v: number,
	// To look for 64 hexadecimal figures costs as much as all the rest: they are compared with the ones that are expected.
	previous: '"([^"\\\\]*)"',
	sequence: `(${number})`
};
const form = new RegExp(`^${object(values)}$`);

function mapped<Word extends string>(words: Record<Word, string>, value: string): Record<Word, string> {
	const all = { ...words };
	for (const word in all) all[word] = value;
	return all;
}

function object(of: Record<string, string>): string {
	const sorted = Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1));
	const pairs = sorted.map(([key, value]) => `(?:"${key}":${value}(?:,(?=")|(?=\\})))?`);
	return `\\{${pairs.join('')}\\}`;
}

/** For whatever else is canonical: entries of another version of the format. */
function slowly(text: string): Link | undefined {
	try {
		const said: unknown = JSON.parse(text);
		if (!said || typeof said !== 'object' || canonical(said) !== text) return undefined;
		const { previous, sequence }: { previous?: unknown; sequence?: unknown } = said;
		return { previous: String(previous), sequence: String(sequence) };
	} catch {
		return undefined;
	}
}
