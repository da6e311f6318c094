import type { Client, Pocketbase } from '#pocketbase/pocketbase.ts';

/** What a search asks PocketBase, and the same for SQLite alone, without anybody's rules. */
export interface Question {
	url: string;
	sql: string;
}

/** The questions of a search that PocketBase is never asked: it gets an empty answer at once. */
export async function questionsOf(
	pocketbase: Pocketbase,
	token: string,
	search: (overheard: Client) => Promise<unknown>
): Promise<Question[]> {
	const questions: Question[] = [];
	const overheard = pocketbase.as(token);
	const before = overheard.beforeSend;
	overheard.beforeSend = async (address, options) => {
		const sent = { url: address, options, ...(await before?.(address, options)) };
		const url = new URL(sent.url);
		if (!url.pathname.endsWith('/calls/records')) return sent;
		for (const [name, value] of Object.entries({ ...options.query })) {
			if (value !== '') url.searchParams.set(name, String(value));
		}
		questions.push({ url: url.href, sql: sqlOf(url.searchParams) });
		const answer = async () => Response.json({ page: 1, perPage: 1, totalItems: -1, totalPages: -1, items: [] });
		return { url: sent.url, options: { ...sent.options, fetch: answer } };
	};
	await search(overheard);
	return questions;
}

// A filter of ours has only comparisons, && and ||, and none of its values has a quotation mark in it.
function sqlOf(asked: URLSearchParams): string {
	const where = (asked.get('filter') ?? '').replaceAll('&&', 'AND').replaceAll('||', 'OR').replaceAll('"', "'");
	return `SELECT * FROM calls WHERE ${where} ORDER BY answered DESC, id DESC LIMIT ${asked.get('perPage')}`;
}
